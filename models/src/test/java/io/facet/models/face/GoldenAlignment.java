package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;

/** Golden cases of the similarity transform and the warp. */
@AutoService(GoldenArea.class)
public final class GoldenAlignment implements GoldenArea {
  @Override
  public String area() {
    return "alignment";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("UMEYAMA", "WARP").contains(method);
  }

  @Override
  public void check(GoldenCase golden) throws Exception {
    if (golden.method().equals("WARP")) {
      checkWarp(golden);
    } else if (golden.expectsError()) {
      golden.assertRefused(() -> transform(golden));
    } else {
      golden.assertClose("matrix", transform(golden).matrix());
    }
  }

  private static SimilarityTransform transform(GoldenCase golden) {
    float[] landmarks = golden.floats("landmarks").values();
    float[] target = golden.floats("target").values();
    return SimilarityTransform.between(
        target.length == FaceLandmarks.FIVE ? FaceLandmarks.five(landmarks) : landmarks, target);
  }

  private static void checkWarp(GoldenCase golden) throws IOException {
    int width = golden.param("outWidth").asInt();
    int height = golden.param("outHeight").asInt();
    FaceTemplate template = width == 96 ? FaceTemplate.ARCFACE_96X112 : FaceTemplate.ARCFACE_112;
    assertThat(golden.param("template").asText()).isEqualTo(width + "x" + template.height());
    Pixels image = ImageDecoder.decode(Files.readAllBytes(golden.file("image")));
    Pixels expected = ImageDecoder.decode(Files.readAllBytes(golden.expectedFile("image")));
    SimilarityTransform transform =
        SimilarityTransform.between(
            FaceLandmarks.five(golden.floats("landmarks").values()), template.points());
    golden.assertClose("matrix", transform.matrix());

    byte[] crop = BilinearWarp.warp(image, transform, width, height).bgr();

    int largest = 0;
    long sum = 0;
    assertThat(crop).hasSameSizeAs(expected.bgr());
    for (int i = 0; i < crop.length; i++) {
      int difference = Math.abs((crop[i] & 0xFF) - (expected.bgr()[i] & 0xFF));
      largest = Math.max(largest, difference);
      sum += difference;
    }
    assertThat((double) largest).isLessThanOrEqualTo(golden.number("maxAbs"));
    assertThat((double) sum / crop.length).isLessThanOrEqualTo(golden.number("meanAbs"));
  }
}

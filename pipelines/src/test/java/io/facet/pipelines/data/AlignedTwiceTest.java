package io.facet.pipelines.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.option.CommandLineForm;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Photographs are told from aligned faces that are aligned once more. */
class AlignedTwiceTest {
  private static final int PHOTOGRAPHS = 60;

  private static List<byte[]> photographs() throws IOException {
    try (Stream<Path> files = Files.walk(RealData.path("lfw_dev/images"))) {
      List<byte[]> images = new ArrayList<>();
      for (Path file :
          files.filter(f -> f.toString().endsWith(".jpg")).sorted().limit(PHOTOGRAPHS).toList()) {
        images.add(Files.readAllBytes(file));
      }
      return images;
    }
  }

  private static FaceAligner yunet() {
    return FaceAligner.open(
        AlignOptions.with(
            CommandLineForm.parse(
                "detector",
                FaceDetector.class,
                "yunet:" + RealData.path("detectors/yunet_n_dynamic.onnx"))));
  }

  private static List<Aligned> aligned(FaceAligner aligner, List<byte[]> images) {
    return images.stream()
        .map(aligner::align)
        .filter(Aligned.class::isInstance)
        .map(Aligned.class::cast)
        .toList();
  }

  private static double[] corners(FaceAligner aligner, List<byte[]> images) {
    List<Double> farthest = new ArrayList<>();
    for (byte[] image : images) {
      if (aligner.align(image) instanceof Aligned face) {
        Pixels pixels = ImageDecoder.decode(image);
        farthest.add(
            AlignedTwice.corners(
                face.transform(), pixels.width(), pixels.height(), FaceTemplate.ARCFACE_112));
      }
    }
    return farthest.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  @Test
  void alignedFacesAreKnownAndPhotographsAreNot() throws IOException {
    try (FaceAligner aligner = yunet()) {
      List<byte[]> photographs = photographs();
      List<byte[]> crops =
          aligned(aligner, photographs).stream().map(face -> FaceEncoder.png(face.crop())).toList();
      double[] once = corners(aligner, photographs);
      double[] twice = corners(aligner, crops);
      assertThat(once).hasSizeGreaterThan(PHOTOGRAPHS / 2);
      assertThat(twice).hasSizeGreaterThan(PHOTOGRAPHS / 2);
      assertThat(Arrays.stream(once)).allMatch(far -> far > AlignedTwice.NEAR);
      assertThat(Arrays.stream(twice)).allMatch(far -> far < AlignedTwice.NEAR);
    }
  }

  @Test
  void aSourceIsNamedIfMostOfItsPicturesAreSuch() {
    assertThat(new Rows.AlignedTwice("train.0", 88, 14).most()).isFalse();
    assertThat(new Rows.AlignedTwice("train.0", 88, 45).most()).isTrue();
  }

  @Test
  void aFaceThatIsTakenAsItStandsIsNotAlignedTwice() {
    float[] identity = {1, 0, 0, 0, 1, 0};
    assertThat(AlignedTwice.is(identity, 112, 112, FaceTemplate.ARCFACE_112)).isFalse();
    float[] moved = {1.01f, 0, -1, 0, 1.01f, -1};
    assertThat(AlignedTwice.is(moved, 112, 112, FaceTemplate.ARCFACE_112)).isTrue();
  }
}

package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.option.RecordBinder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Alignment that needs no detector weights. */
class FaceAlignerTest {
  private static final float[] TEMPLATE = FaceTemplate.ARCFACE_112.points();

  private static AlignOptions options(String detector) {
    return AlignOptions.with(RecordBinder.select(FaceDetector.class, detector));
  }

  private static AlignmentResult align(String detector, byte[] encoded, float... landmarks) {
    try (FaceAligner aligner = FaceAligner.open(options(detector))) {
      return aligner.align(encoded, landmarks);
    }
  }

  private static float[] scaled(float factor, float shift) {
    float[] landmarks = TEMPLATE.clone();
    for (int i = 0; i < landmarks.length; i++) {
      landmarks[i] = landmarks[i] * factor + shift;
    }
    return landmarks;
  }

  private static void assertRejected(AlignmentResult result, RejectReason reason) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.reason()).isEqualTo(reason));
  }

  @Test
  void givenLandmarksLeadToTheTemplate() {
    byte[] encoded = FaceEncoder.png(ImageFixtures.gradient(300, 260));

    Aligned aligned = (Aligned) align("given", encoded, scaled(2, 10));

    assertThat(aligned.crop().width()).isEqualTo(112);
    assertThat(aligned.crop().height()).isEqualTo(112);
    assertThat(aligned.transform()[0]).isCloseTo(0.5f, within(1e-5f));
    assertThat(aligned.transform()[2]).isCloseTo(-5f, within(1e-3f));
    assertThat(aligned.eyeDistance()).isCloseTo(70.5f, within(0.1f));
    assertThat(aligned.score()).isEqualTo(1);
    assertThat(aligned.format()).isEqualTo("png");
    assertThat(ImageDecoder.decode(aligned.encoded()).bgr()).isEqualTo(aligned.crop().bgr());
  }

  @Test
  void imageWhoseLandmarksAreTheTemplateKeepsItsBytes() {
    byte[] encoded = FaceEncoder.jpeg(ImageFixtures.gradient(112, 112), 95);

    Aligned aligned = (Aligned) align("given", encoded, TEMPLATE);

    assertThat(aligned.encoded()).isSameAs(encoded);
    assertThat(aligned.format()).isEqualTo("jpeg");
    assertThat(aligned.crop().bgr()).isEqualTo(ImageDecoder.decode(encoded).bgr());
  }

  @Test
  void alignedInputPassesThroughOnlyInTheRightSize() {
    byte[] encoded = FaceEncoder.png(ImageFixtures.gradient(112, 112));

    Aligned aligned = (Aligned) align("none", encoded);
    assertThat(aligned.encoded()).isSameAs(encoded);
    assertThat(aligned.landmarks()).isEqualTo(TEMPLATE);
    assertThat(aligned.transform()).containsExactly(1, 0, 0, 0, 1, 0);

    byte[] other = FaceEncoder.png(ImageFixtures.gradient(112, 96));
    assertRejected(align("none", other), RejectReason.NOT_ALIGNED);
  }

  @Test
  void badInputIsRejectedWithAReason() {
    byte[] encoded = FaceEncoder.png(ImageFixtures.gradient(120, 120));
    byte[] text = "no image".getBytes(StandardCharsets.UTF_8);

    assertRejected(align("given", encoded), RejectReason.NO_LANDMARKS);
    assertRejected(align("given", encoded, new float[10]), RejectReason.DEGENERATE_LANDMARKS);
    assertRejected(align("given", encoded, 1, 2, 3), RejectReason.DEGENERATE_LANDMARKS);
    assertRejected(align("given", encoded, scaled(0.1f, 40)), RejectReason.TOO_SMALL);
    assertRejected(align("given", text, TEMPLATE), RejectReason.UNKNOWN_TYPE);
    assertRejected(align("given", new byte[0], TEMPLATE), RejectReason.EMPTY_FILE);
  }

  @Test
  void digestChangesWithTheOptionsThatChangeCrops() {
    AlignOptions given = options("given");
    AlignOptions larger =
        new AlignOptions(
            given.detector(),
            given.knownLandmarks(),
            given.severalFaces(),
            given.template(),
            64,
            given.maximumPixels(),
            given.maximumBytes());

    assertThat(given.digest()).hasSize(64).isEqualTo(options("given").digest());
    assertThat(larger.digest()).isNotEqualTo(given.digest());
    assertThat(options("none").digest()).isNotEqualTo(given.digest());
  }

  @Test
  void optionsHaveDefaultsInRecipes() {
    AlignOptions bound = RecordBinder.bindJson(AlignOptions.class, "{\"detector\": \"given\"}");

    assertThat(bound).isEqualTo(options("given"));
  }

  @Test
  void sixtyEightPointsBecomeFive() {
    float[] points = new float[136];
    for (int i = 0; i < 136; i++) {
      points[i] = i;
    }
    assertThat(FaceLandmarks.five(points))
        .containsExactly(75, 76, 87, 88, 60, 61, 96, 97, 108, 109);
  }

  @Test
  void sharpImagesHaveTheLargerLaplacianVariance() {
    Pixels flat = new Pixels(8, 8, new byte[8 * 8 * 3]);
    Pixels noisy = ImageFixtures.gradient(8, 8);

    assertThat(Sharpness.laplacianVariance(flat)).isZero();
    assertThat(Sharpness.laplacianVariance(noisy)).isGreaterThan(1);
    assertThat(Sharpness.laplacianVariance(new Pixels(1, 1, new byte[3]))).isZero();
  }
}

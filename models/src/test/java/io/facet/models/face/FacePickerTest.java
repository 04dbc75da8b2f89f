package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FacePickerTest {
  private static final Pixels IMAGE = ImageFixtures.gradient(100, 100);

  private static DetectedFace box(float x, float y, float side, float score) {
    return new DetectedFace(x, y, side, side, new float[10], score);
  }

  private static DetectedFace pick(DetectedFace... faces) {
    return FacePicker.pick(IMAGE, List.of(faces), SeveralFaces.LARGEST_CENTRAL);
  }

  @Test
  void largerFaceWinsAtTheSameDistance() {
    DetectedFace large = box(30, 30, 40, 0.7f);
    assertThat(pick(box(40, 40, 20, 0.99f), large)).isSameAs(large);
  }

  @Test
  void centralFaceWinsOverASlightlyLargerOneAtTheEdge() {
    DetectedFace central = box(35, 35, 30, 0.7f);
    assertThat(pick(box(0, 0, 32, 0.99f), central)).isSameAs(central);
  }

  @Test
  void equalsAreDecidedByScoreInEitherOrder() {
    DetectedFace better = box(10, 35, 30, 0.9f);
    DetectedFace worse = box(60, 35, 30, 0.8f);
    assertThat(pick(better, worse)).isSameAs(better);
    assertThat(pick(worse, better)).isSameAs(better);
  }

  @Test
  void noneAndSeveralAreReasons() {
    assertThatThrownBy(() -> FacePicker.pick(IMAGE, List.of(), SeveralFaces.REJECT))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.reason()).isEqualTo(RejectReason.NO_FACE));
    DetectedFace one = box(10, 10, 20, 0.9f);
    assertThatThrownBy(() -> FacePicker.pick(IMAGE, List.of(one, one), SeveralFaces.REJECT))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectReason.SEVERAL_FACES));
    assertThat(FacePicker.pick(IMAGE, List.of(one), SeveralFaces.REJECT)).isSameAs(one);
  }
}

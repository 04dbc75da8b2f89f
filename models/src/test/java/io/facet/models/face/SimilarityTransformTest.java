package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SimilarityTransformTest {
  private static final float[] TEMPLATE = FaceTemplate.ARCFACE_112.points();

  private static void assertMatrix(SimilarityTransform transform, double... expected) {
    float[] matrix = transform.matrix();
    assertThat(matrix).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) matrix[i]).isCloseTo(expected[i], within(1e-4));
    }
  }

  private static void assertDegenerate(float[] landmarks) {
    assertThatThrownBy(() -> SimilarityTransform.between(landmarks, TEMPLATE))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectReason.DEGENERATE_LANDMARKS));
  }

  @Test
  void doubledAndShiftedTemplateIsUndone() {
    float[] landmarks = TEMPLATE.clone();
    for (int i = 0; i < landmarks.length; i++) {
      landmarks[i] = 2 * landmarks[i] + 10;
    }
    assertMatrix(SimilarityTransform.between(landmarks, TEMPLATE), 0.5, 0, -5, 0, 0.5, -5);
  }

  @Test
  void quarterTurnWithDoubleScaleIsFound() {
    float[] source = {0, 0, 1, 0, 0, 1};
    float[] target = {0, 0, 0, 2, -2, 0};
    assertMatrix(SimilarityTransform.between(source, target), 0, -2, 0, 2, 0, 0);
  }

  @Test
  void publishedSampleGivesThePublishedMatrix() {
    float[] landmarks = {
      46.060f, 62.026f, 87.785f, 60.323f, 68.851f, 77.656f, 52.162f, 99.875f, 86.450f, 98.648f
    };
    assertMatrix(
        SimilarityTransform.between(landmarks, TEMPLATE),
        0.953372,
        -0.044244,
        -5.526061,
        0.044244,
        0.953372,
        -7.108425);
  }

  @Test
  void templateItselfGivesTheIdentity() {
    assertThat(SimilarityTransform.between(TEMPLATE, TEMPLATE).isIdentity()).isTrue();
  }

  @Test
  void inverseLeadsBack() {
    SimilarityTransform there = new SimilarityTransform(0.4, -0.7, 12, -3);
    SimilarityTransform back = there.inverse();
    double x = there.a() * 5 - there.b() * 8 + there.tx();
    double y = there.b() * 5 + there.a() * 8 + there.ty();

    assertThat(back.a() * x - back.b() * y + back.tx()).isCloseTo(5, within(1e-12));
    assertThat(back.b() * x + back.a() * y + back.ty()).isCloseTo(8, within(1e-12));
  }

  @Test
  void landmarksWithoutSpreadOrValueAreDegenerate() {
    float[] same = new float[10];
    Arrays.fill(same, 50);
    assertDegenerate(same);
    assertDegenerate(new float[10]);
    float[] missing = TEMPLATE.clone();
    missing[3] = Float.NaN;
    assertDegenerate(missing);
    missing[3] = Float.POSITIVE_INFINITY;
    assertDegenerate(missing);
  }

  @Test
  void collinearLandmarksStillGiveATransform() {
    float[] line = {0, 0, 10, 0, 20, 0, 30, 0, 40, 0};
    assertThat(SimilarityTransform.between(line, TEMPLATE).scale()).isGreaterThan(0.1);
  }
}

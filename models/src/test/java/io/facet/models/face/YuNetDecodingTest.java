package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class YuNetDecodingTest {
  private static final float[] POINTS = new float[10];

  private static DetectedFace box(float x, float y, float width, float height, float score) {
    return new DetectedFace(x, y, width, height, POINTS, score);
  }

  /** A grid of 3 columns and 2 rows in which only one cell speaks. */
  private static YuNetDecoding.Grid grid(int cell, float classScore, float objectScore) {
    float[] classScores = new float[6];
    float[] objectScores = new float[6];
    float[] boxes = new float[24];
    float[] points = new float[60];
    classScores[cell] = classScore;
    objectScores[cell] = objectScore;
    boxes[cell * 4] = 0.5f;
    boxes[cell * 4 + 1] = 0.25f;
    boxes[cell * 4 + 2] = (float) Math.log(4);
    boxes[cell * 4 + 3] = (float) Math.log(2);
    for (int i = 0; i < 10; i++) {
      points[cell * 10 + i] = i / 10f;
    }
    return new YuNetDecoding.Grid(classScores, objectScores, boxes, points);
  }

  private static List<DetectedFace> decode(YuNetDecoding.Grid grid, double threshold) {
    List<DetectedFace> faces = new ArrayList<>();
    YuNetDecoding.decode(grid, 3, 8, threshold, faces);
    return faces;
  }

  @Test
  void cellOffsetsBecomePixels() {
    List<DetectedFace> faces = decode(grid(5, 0.81f, 1f), 0.6); // row 1, column 2

    assertThat(faces).hasSize(1);
    DetectedFace face = faces.get(0);
    assertThat(face.score()).isCloseTo(0.9f, within(1e-6f));
    assertThat(face.width()).isCloseTo(32, within(1e-4f));
    assertThat(face.height()).isCloseTo(16, within(1e-4f));
    assertThat(face.x()).isCloseTo(2.5f * 8 - 16, within(1e-4f));
    assertThat(face.y()).isCloseTo(1.25f * 8 - 8, within(1e-4f));
    assertThat(face.landmarks()[0]).isCloseTo(16, within(1e-4f));
    assertThat(face.landmarks()[1]).isCloseTo(1.1f * 8, within(1e-4f));
    assertThat(face.landmarks()[8]).isCloseTo(2.8f * 8, within(1e-4f));
    assertThat(face.landmarks()[9]).isCloseTo(1.9f * 8, within(1e-4f));
  }

  @Test
  void scoresAreClippedAndComparedWithTheThreshold() {
    assertThat(decode(grid(0, 1.5f, 2f), 0.6).get(0).score()).isEqualTo(1);
    assertThat(decode(grid(0, 0.36f, 0.98f), 0.6)).isEmpty();
    assertThat(decode(grid(0, -1f, 1f), 0.1)).isEmpty();
    assertThat(decode(grid(0, Float.NaN, 1f), 0.1)).isEmpty();
  }

  @Test
  void weakerBoxOnTheSameFaceGoes() {
    DetectedFace best = box(10, 10, 40, 40, 0.9f);
    DetectedFace shifted = box(14, 12, 40, 40, 0.8f);
    DetectedFace elsewhere = box(60, 10, 40, 40, 0.7f);

    assertThat(NonMaximumSuppression.keep(List.of(elsewhere, shifted, best), 0.3))
        .containsExactly(best, elsewhere);
  }

  @Test
  void overlapAtTheThresholdIsKept() {
    DetectedFace one = box(0, 0, 20, 10, 0.9f);
    DetectedFace other = box(10, 0, 20, 10, 0.8f); // 100 of 300

    assertThat(NonMaximumSuppression.keep(List.of(one, other), 1 / 3.0)).hasSize(2);
    assertThat(NonMaximumSuppression.keep(List.of(one, other), 0.33)).hasSize(1);
  }

  @Test
  void boxesWithoutAreaDoNotOverlap() {
    DetectedFace one = box(0, 0, 0.5f, 0.5f, 0.9f);

    assertThat(NonMaximumSuppression.keep(List.of(one, one), 0.3)).hasSize(2);
  }
}

package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerificationMetricsTest {
  private static final VerificationMetrics.Subject STUDENT =
      new VerificationMetrics.Subject("none#1", "student", "none", 1);
  private static final VerificationMetrics.Options OPTIONS =
      new VerificationMetrics.Options(0.95, 200, 5, List.of(0.01, 0.1));

  @Test
  void separablePairsGiveFullMarks() {
    List<MetricRow> rows = VerificationMetrics.measure(STUDENT, "lfw", scores(60, 0.9, 0), OPTIONS);

    assertThat(value(rows, "accuracy")).isEqualTo(1);
    assertThat(value(rows, "area-under-curve")).isEqualTo(1);
    assertThat(value(rows, "equal-error-rate")).isZero();
    assertThat(value(rows, "tar-at-far-1e-02")).isEqualTo(1);
    assertThat(value(rows, "pairs")).isEqualTo(60);
  }

  @Test
  void anIntervalEnclosesTheAccuracy() {
    List<MetricRow> rows =
        VerificationMetrics.measure(STUDENT, "lfw", scores(400, 0.1, 0.3), OPTIONS);

    MetricRow accuracy = rows.get(0);
    assertThat(accuracy.name()).isEqualTo("accuracy");
    assertThat(accuracy.value()).isBetween(accuracy.low(), accuracy.high());
    assertThat(accuracy.high() - accuracy.low()).isGreaterThan(0.02);
  }

  @Test
  void theOrderOfArrivalDoesNotMatter() {
    List<ScoreRow> scores = scores(100, 0.1, 0.3);
    List<ScoreRow> shuffled = new ArrayList<>(scores);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(VerificationMetrics.measure(STUDENT, "lfw", shuffled, OPTIONS))
        .isEqualTo(VerificationMetrics.measure(STUDENT, "lfw", scores, OPTIONS));
  }

  @Test
  void oneKindOfPairIsRefused() {
    List<ScoreRow> same = scores(20, 0.9, 0).stream().filter(ScoreRow::same).toList();

    assertThatThrownBy(() -> VerificationMetrics.measure(STUDENT, "lfw", same, OPTIONS))
        .isInstanceOf(DataException.class);
  }

  private static double value(List<MetricRow> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow().value();
  }

  /** Alternating same and different pairs; same ones score higher by {@code gap} on average. */
  private static List<ScoreRow> scores(int count, double gap, double noise) {
    Random random = new Random(11);
    List<ScoreRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean same = i % 2 == 0;
      double score = (same ? gap : 0) + noise * (random.nextDouble() - 0.5);
      rows.add(
          new ScoreRow(
              "none#1", "lfw", i, i % 10, same, "l" + i, "r" + i, "L" + i, "R" + i, score));
    }
    return rows;
  }
}

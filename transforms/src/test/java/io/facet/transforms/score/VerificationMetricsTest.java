package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.facet.models.DataException;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerificationMetricsTest {
  private static final VerificationMetrics.Subject STUDENT =
      new VerificationMetrics.Subject("none#1", "student", "none", 1, false);
  private static final VerificationMetrics.Options OPTIONS =
      new VerificationMetrics.Options(0.95, 200, 5, List.of(0.01, 0.1), ResamplingUnit.IDENTITY);

  @Test
  void separablePairsGiveFullMarks() {
    List<MetricRow> rows = measure(scores(60, 0.9, 0));

    assertThat(value(rows, "accuracy")).isEqualTo(1);
    assertThat(value(rows, "area-under-curve")).isEqualTo(1);
    assertThat(value(rows, "equal-error-rate")).isZero();
    assertThat(value(rows, "tar-at-far-1e-01")).isEqualTo(1);
    assertThat(value(rows, "pairs")).isEqualTo(60);
    assertThat(value(rows, "different-pairs")).isEqualTo(30);
  }

  @Test
  void aRateWithTooFewDifferentPairsIsLeftOutAndNamed() {
    List<MetricRow> rows = measure(scores(60, 0.9, 0));
    assertThat(rows).extracting(MetricRow::name).doesNotContain("tar-at-far-1e-02");
    assertThat(VerificationMetrics.absent(rows, List.of(0.01, 0.1)))
        .containsExactly(
            entry("lfw/tar-at-far-1e-02", "needs 100 different pairs, the set has 30"));
    assertThat(measure(scores(200, 0.9, 0)))
        .extracting(MetricRow::name)
        .contains("tar-at-far-1e-02");
  }

  @Test
  void intervalsAreDrawnByIdentityWhereEverybodyIsKnown() {
    List<ScoreRow> scores = scores(400, 0.1, 0.3);
    Map<String, Long> people = new HashMap<>();
    for (int i = 0; i < scores.size(); i++) {
      people.put("L" + i, i / 20L);
      people.put("R" + i, scores.get(i).same() ? i / 20L : (i / 20L + 1) % 20);
    }
    MetricRow byIdentity = accuracy(scores, people, ResamplingUnit.IDENTITY);
    MetricRow byPair = accuracy(scores, people, ResamplingUnit.PAIR);
    assertThat(byIdentity.protocol()).isEqualTo("lfw-10fold-v2+bootstrap-identity-v1");
    assertThat(byPair.protocol()).isEqualTo("lfw-10fold-v2+bootstrap-pair-v1");
    assertThat(byIdentity.value()).isEqualTo(byPair.value());
    assertThat(byIdentity.low()).isNotEqualTo(byPair.low());
    Map<String, Long> nine = new HashMap<>(people);
    nine.replaceAll((image, person) -> person % 9);
    assertThat(accuracy(scores, nine, ResamplingUnit.IDENTITY)).isEqualTo(byPair);
    people.remove("R7");
    assertThat(accuracy(scores, people, ResamplingUnit.IDENTITY)).isEqualTo(byPair);
  }

  private static MetricRow accuracy(
      List<ScoreRow> scores, Map<String, Long> people, ResamplingUnit unit) {
    return measure(
            STUDENT, scores, people, new VerificationMetrics.Options(0.95, 200, 5, List.of(), unit))
        .get(0);
  }

  @Test
  void flipFusionIsPartOfEveryProtocol() {
    assertThat(measure(STUDENT.with(true), scores(60, 0.9, 0), Map.of(), OPTIONS))
        .allSatisfy(row -> assertThat(row.protocol()).contains("+flip"));
    assertThat(measure(scores(60, 0.9, 0)))
        .allSatisfy(row -> assertThat(row.protocol()).doesNotContain("flip"));
  }

  @Test
  void fewerPairsThanFoldsAreRefusedWithTheSet() {
    List<ScoreRow> few =
        scores(6, 0.9, 0).stream()
            .map(
                row ->
                    new ScoreRow(
                        row.model(),
                        row.set(),
                        row.position(),
                        0,
                        row.same(),
                        row.leftFaceId(),
                        row.rightFaceId(),
                        row.leftImageId(),
                        row.rightImageId(),
                        row.score()))
            .toList();
    assertThatThrownBy(() -> measure(few))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("lfw: the verification set has 6 pairs for 10 folds");
  }

  private static List<MetricRow> measure(List<ScoreRow> scores) {
    return measure(STUDENT, scores, Map.of(), OPTIONS);
  }

  private static List<MetricRow> measure(
      VerificationMetrics.Subject subject,
      List<ScoreRow> scores,
      Map<String, Long> people,
      VerificationMetrics.Options options) {
    ScoredPairs pairs = ScoredPairs.of(scores, people);
    return VerificationMetrics.measure(
        subject, "lfw", VerificationMetrics.judge("lfw", pairs, options), options);
  }

  @Test
  void anIntervalEnclosesTheAccuracy() {
    List<MetricRow> rows = measure(scores(400, 0.1, 0.3));

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

    assertThat(measure(shuffled)).isEqualTo(measure(scores));
  }

  @Test
  void oneKindOfPairIsRefused() {
    List<ScoreRow> same = scores(20, 0.9, 0).stream().filter(ScoreRow::same).toList();

    assertThatThrownBy(() -> measure(same)).isInstanceOf(DataException.class);
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

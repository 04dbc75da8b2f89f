package io.facet.pipelines.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.protocol.RocCurve;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoredSetTest {
  private final List<ScoreRow> rows = new ArrayList<>();
  private final ScoredSet set = new ScoredSet("tiny", 3);

  ScoredSetTest() {
    Random random = new Random(3);
    for (int i = 0; i < 600; i++) {
      boolean same = i % 3 == 0;
      double score = Math.rint(1e4 * (random.nextGaussian() * 0.2 + (same ? 0.3 : 0))) / 1e4;
      add(i, same, Math.max(-1, Math.min(1, score)));
    }
  }

  private void add(int position, boolean same, double score) {
    ScoreRow row = new ScoreRow("m", "tiny", position, 0, same, "l", "r", "left", "right", score);
    rows.add(row);
    set.add(row);
  }

  @Test
  void theEqualErrorThresholdIsThatOfTheCurve() {
    RocCurve.Point point = RocCurve.of(ScoredPairs.of(rows, Map.of()).pairs()).equalErrorPoint();
    Threshold threshold = set.atEqualError();
    assertThat(threshold.cosine()).isEqualTo(point.threshold());
    assertThat(threshold.falseAccepts() / 400.0).isEqualTo(point.falseAcceptRate());
    assertThat(1 - threshold.falseRejects() / 200.0).isEqualTo(point.trueAcceptRate());
  }

  @Test
  void noMoreThanTheShareOfDifferentPairsIsAccepted() {
    Threshold threshold = set.atFalseAcceptRate(0.01);
    long above = rows.stream().filter(r -> !r.same() && r.score() >= threshold.cosine()).count();
    long lower =
        rows.stream().filter(r -> !r.same() && r.score() >= threshold.cosine() - 1e-4).count();
    assertThat(threshold.falseAccepts()).isEqualTo(above).isLessThanOrEqualTo(4);
    assertThat(lower).isGreaterThan(4);
  }

  @Test
  void tooFewDifferentPairsGiveNoThreshold() {
    assertThatThrownBy(() -> set.atFalseAcceptRate(0.001))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("--far: needs 1000 different pairs, the set has 400 on tiny");
  }

  @Test
  void anyThresholdOfFourDecimalsCountsExactly() {
    for (double cosine : new double[] {-1, -0.1234, 0, 0.2001, 1}) {
      Threshold threshold = set.at(cosine);
      assertThat(threshold.cosine()).isEqualTo(cosine);
      assertThat(threshold.falseAccepts())
          .isEqualTo(rows.stream().filter(r -> !r.same() && r.score() >= cosine).count());
      assertThat(threshold.falseRejects())
          .isEqualTo(rows.stream().filter(r -> r.same() && r.score() < cosine).count());
    }
  }

  @Test
  void theWorstComeFirstAndOnlyWrongOnesCome() {
    add(1000, false, 0.99);
    add(1001, false, 0.98);
    add(1002, false, 0.98);
    add(1003, true, -0.97);
    assertThat(set.falseAccepts(set.at(0.5)))
        .extracting(ScoreRow::position)
        .containsExactly(1000, 1001, 1002);
    assertThat(set.falseRejects(set.at(-0.97))).isEmpty();
    assertThat(set.falseRejects(set.at(-0.9699)))
        .extracting(ScoreRow::position)
        .containsExactly(1003);
  }

  @Test
  void aCurveHasFewPointsAndItsEnds() {
    ScoredSet.Rates rates = set.rates();
    int last = rates.falseAccepts().length - 1;
    assertThat(rates.falseAccepts()).hasSizeLessThan(600).isSorted();
    assertThat(rates.trueAccepts()).isSorted();
    assertThat(rates.falseAccepts()[0]).isZero();
    assertThat(rates.falseAccepts()[last]).isOne();
    assertThat(rates.trueAccepts()[last]).isOne();
  }
}

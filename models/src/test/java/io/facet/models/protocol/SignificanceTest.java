package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import org.junit.jupiter.api.Test;

class SignificanceTest {

  private static boolean[] firstRight(int right, int total) {
    boolean[] verdicts = new boolean[total];
    for (int i = 0; i < right; i++) {
      verdicts[i] = true;
    }
    return verdicts;
  }

  /** Same and different pairs in turn, drawn one by one. */
  private static Resampling pairs(int total) {
    boolean[] same = new boolean[total];
    for (int i = 0; i < total; i += 2) {
      same[i] = true;
    }
    return Resampling.byPair(same);
  }

  @Test
  void intervalIsNearTheNormalOneAndRepeats() {
    boolean[][] verdicts = seeds(firstRight(480, 600));
    Bootstrap.Interval interval = Bootstrap.accuracy(pairs(600), verdicts, 0.95, 4000, 3);
    double half = 1.96 * Math.sqrt(0.8 * 0.2 / 600);
    assertThat(interval.value()).isEqualTo(0.8);
    assertThat(interval.low()).isCloseTo(0.8 - half, within(0.005));
    assertThat(interval.high()).isCloseTo(0.8 + half, within(0.005));
    assertThat(Bootstrap.accuracy(pairs(600), verdicts, 0.95, 4000, 3)).isEqualTo(interval);
    assertThat(Bootstrap.accuracy(pairs(600), verdicts, 0.95, 4000, 4)).isNotEqualTo(interval);
  }

  @Test
  void higherConfidenceWidensTheInterval() {
    boolean[][] verdicts = seeds(firstRight(70, 100));
    Bootstrap.Interval narrow = Bootstrap.accuracy(pairs(100), verdicts, 0.5, 2000, 1);
    Bootstrap.Interval wide = Bootstrap.accuracy(pairs(100), verdicts, 0.99, 2000, 1);
    assertThat(wide.low()).isLessThan(narrow.low());
    assertThat(wide.high()).isGreaterThan(narrow.high());
  }

  @Test
  void comparisonUsesThePairing() {
    // 400 pairs; the first system is right on 20 pairs more and wrong on none the second gets.
    Bootstrap.Comparison better =
        Bootstrap.compare(
            pairs(400), seeds(firstRight(320, 400)), seeds(firstRight(300, 400)), 0.95, 2000, 1);
    assertThat(better.difference().value()).isEqualTo(0.05);
    assertThat(better.difference().low()).isPositive();
    assertThat(better.pValue()).isEqualTo(2.0 / 2001);
    Bootstrap.Comparison equal =
        Bootstrap.compare(
            pairs(400), seeds(firstRight(300, 400)), seeds(firstRight(300, 400)), 0.95, 100, 1);
    assertThat(equal.pValue()).isEqualTo(1);
    assertThat(equal.difference()).isEqualTo(new Bootstrap.Interval(0, 0, 0));
  }

  @Test
  void seedsThatDisagreeWidenTheInterval() {
    boolean[][] agreeing = {firstRight(300, 400), firstRight(300, 400), firstRight(300, 400)};
    boolean[][] disagreeing = {firstRight(250, 400), firstRight(300, 400), firstRight(350, 400)};
    Bootstrap.Interval narrow = Bootstrap.accuracy(pairs(400), agreeing, 0.95, 2000, 1);
    Bootstrap.Interval wide = Bootstrap.accuracy(pairs(400), disagreeing, 0.95, 2000, 1);
    assertThat(wide.value()).isCloseTo(narrow.value(), within(1e-12));
    assertThat(wide.low()).isLessThan(narrow.low() - 0.02);
    assertThat(wide.high()).isGreaterThan(narrow.high() + 0.02);
  }

  @Test
  void oneBaselineServesEverySeed() {
    boolean[][] three = {firstRight(310, 400), firstRight(320, 400), firstRight(330, 400)};
    Bootstrap.Comparison comparison =
        Bootstrap.compare(pairs(400), three, seeds(firstRight(300, 400)), 0.95, 2000, 1);
    assertThat(comparison.difference().value()).isCloseTo(0.05, within(1e-12));
    assertThat(comparison.pValue()).isLessThan(0.01);
    boolean[][] two = {firstRight(1, 2), firstRight(1, 2)};
    assertThatThrownBy(() -> Bootstrap.compare(pairs(2), three, two, 0.95, 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("verdicts of 3 and 2 seeds");
  }

  private static boolean[][] seeds(boolean[]... verdicts) {
    return verdicts;
  }

  @Test
  void holmMultipliesAndStaysMonotone() {
    assertThat(MultipleComparisons.holm(new double[] {0.04, 0.01, 0.03, 0.005}))
        .containsExactly(new double[] {0.06, 0.03, 0.06, 0.02}, within(1e-12));
    assertThat(MultipleComparisons.holm(new double[] {0.9, 0.8})).containsExactly(1, 1);
  }

  @Test
  void roundsAreRaisedWhereHolmNeedsThem() {
    assertThat(MultipleComparisons.lowest(5, 99)).isCloseTo(0.1, within(1e-12));
    assertThat(MultipleComparisons.lowest(1000, 9)).isEqualTo(1);
    assertThat(MultipleComparisons.rounds(5, 1000)).isEqualTo(1000);
    assertThat(MultipleComparisons.rounds(17, 1000)).isEqualTo(3399);
    assertThat(MultipleComparisons.rounds(0, 50)).isEqualTo(50);
    assertThat(MultipleComparisons.rounds(1_000_000, 50)).isEqualTo(100_000);
    for (int comparisons = 1; comparisons < 400; comparisons++) {
      int rounds = MultipleComparisons.rounds(comparisons, 10);
      assertThat(MultipleComparisons.lowest(comparisons, rounds)).isLessThanOrEqualTo(0.01 + 1e-12);
    }
  }

  @Test
  void theBestOfManyGetsTheLowestValueThereIs() {
    int rounds = 99;
    Bootstrap.Comparison sure =
        Bootstrap.compare(
            pairs(400), seeds(firstRight(400, 400)), seeds(firstRight(200, 400)), 0.95, rounds, 1);
    double[] adjusted = MultipleComparisons.holm(new double[] {0.9, sure.pValue(), 0.8});
    assertThat(adjusted[1]).isCloseTo(MultipleComparisons.lowest(3, rounds), within(1e-12));
  }

  @Test
  void seedsAreSummarisedWithStudentsInterval() {
    SeedSummary summary = SeedSummary.of(0.95, new double[] {0.70, 0.72, 0.74});
    assertThat(summary.mean()).isCloseTo(0.72, within(1e-12));
    assertThat(summary.deviation()).isCloseTo(0.02, within(1e-12));
    assertThat(summary.high() - summary.mean())
        .isCloseTo(4.302653 * 0.02 / Math.sqrt(3), within(1e-6));
    SeedSummary narrower = SeedSummary.of(0.9, new double[] {0.70, 0.72, 0.74});
    assertThat(narrower.mean() - narrower.low())
        .isCloseTo(2.919986 * 0.02 / Math.sqrt(3), within(1e-6));
  }

  @Test
  void oneSeedHasNoIntervalOverSeeds() {
    assertThat(SeedSummary.of(0.95, new double[] {0.7}))
        .isEqualTo(new SeedSummary(1, 0.7, 0, Double.NaN, Double.NaN));
  }

  @Test
  void nothingCannotBeSummarised() {
    assertThatThrownBy(() -> SeedSummary.of(0.95, new double[0])).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> Bootstrap.accuracy(pairs(0), seeds(new boolean[0]), 0.95, 10, 1))
        .isInstanceOf(DataException.class);
  }

  @Test
  void fusingAddsAndNormalises() {
    assertThat(EmbeddingMath.fuse(new float[] {1, 2}, new float[] {2, 2}))
        .containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    assertThat(EmbeddingMath.cosine(new float[] {0, 2}, new float[] {0, -1})).isEqualTo(-1);
    assertThat(EmbeddingMath.normalise(new float[] {0, 0})).containsExactly(0, 0);
  }
}

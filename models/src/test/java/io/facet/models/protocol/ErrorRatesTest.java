package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ErrorRatesTest {
  private static final Offset<Double> TINY = within(1e-12);

  /** Downwards: same, different, same + different at one score, same, different, different. */
  private static RocCurve curve() {
    return RocCurve.of(
        PairScores.of(
            new double[] {0.9, 0.8, 0.5, 0.5, 0.4, 0.2, 0.1},
            new boolean[] {true, false, true, false, true, false, false}));
  }

  @Test
  void curveHasOnePointForEachDistinctScore() {
    assertThat(curve().points())
        .extracting(RocCurve.Point::falseAcceptRate)
        .containsExactly(0.0, 0.0, 0.25, 0.5, 0.5, 0.75, 1.0);
    assertThat(curve().points())
        .extracting(p -> Math.round(3 * p.trueAcceptRate()))
        .containsExactly(0L, 1L, 1L, 2L, 3L, 3L, 3L);
  }

  @Test
  void cornersDropStraightRuns() {
    assertThat(curve().corners())
        .extracting(RocCurve.Point::threshold)
        .containsExactly(Double.POSITIVE_INFINITY, 0.9, 0.8, 0.5, 0.4, 0.1);
  }

  @Test
  void areaCountsTiesByHalf() {
    // 12 comparisons of a same with a different pair: wins 4 + 2.5 + 2, one tie among them.
    assertThat(curve().areaUnderCurve()).isCloseTo(8.5 / 12, TINY);
  }

  @Test
  void theEqualErrorPointIsTheFirstBeyondTheCrossing() {
    RocCurve.Point point = curve().equalErrorPoint();
    assertThat(point.falseAcceptRate()).isGreaterThanOrEqualTo(point.falseRejectRate());
    assertThat(curve().points().stream().filter(p -> p.threshold() > point.threshold()))
        .allMatch(p -> p.falseAcceptRate() < p.falseRejectRate());
  }

  @Test
  void equalErrorRateLiesWhereTheRatesCross() {
    // Between (0.25, 1/3) and (0.5, 2/3): false rejects 2/3 to 1/3 meet false accepts at 3/7.
    assertThat(curve().equalErrorRate()).isCloseTo(0.25 + 0.25 * (5.0 / 7), TINY);
  }

  @Test
  void strictRuleNeverExceedsTheTarget() {
    assertThat(TarAtFar.measure(curve(), 0.49, TarAtFar.Rule.STRICT)).isCloseTo(1.0 / 3, TINY);
    assertThat(TarAtFar.measure(curve(), 0.5, TarAtFar.Rule.STRICT)).isCloseTo(1, TINY);
  }

  @Test
  void nearestRuleTakesTheHighestOfEquallyNearRates() {
    assertThat(TarAtFar.measure(curve(), 0.49, TarAtFar.Rule.NEAREST)).isCloseTo(1, TINY);
    assertThat(TarAtFar.measure(curve(), 0.1, TarAtFar.Rule.NEAREST_ALL_POINTS))
        .isCloseTo(1.0 / 3, TINY);
  }

  @Test
  void validationRateIsZeroWhenTheTargetIsOutOfReach() {
    boolean[] same = {true, false, true, false, true, false, true, false};
    double[] apart = {0, 4, 0, 4, 0, 4, 0, 4};
    ValAtFar.Result result =
        ValAtFar.measure(PairScores.ofSquaredDistances(apart, same), 2, 0.001).orElseThrow();
    assertThat(result.farUnreached()).isTrue();
    assertThat(result.supported()).isFalse();
    assertThat(result.validationRate()).isZero();
  }

  @Test
  void validationRateUsesTheLargestThresholdWithinTheTarget() {
    boolean[] same = {true, true, false, false, true, true, false, false};
    double[] distances = {0.2, 1.2, 1.0, 2.0, 0.4, 0.9, 1.1, 2.5};
    ValAtFar.Result result =
        ValAtFar.measure(PairScores.ofSquaredDistances(distances, same), 2, 0.5).orElseThrow();
    // Fold 0 uses 2.500 (half of {1.1, 2.5} below), fold 1 uses 2.000.
    assertThat(result.validationRate()).isCloseTo(1, TINY);
    assertThat(result.falseAcceptRate()).isCloseTo(0.75, TINY);
    assertThat(result.farUnreached()).isFalse();
    assertThat(result.supported()).isTrue();
  }

  @Test
  void aRateNeedsOneDifferentPairForEachPartOfIt() {
    assertThat(TarAtFar.pairsNeeded(0.001)).isEqualTo(1000);
    assertThat(TarAtFar.pairsNeeded(1e-6)).isEqualTo(1_000_000);
    assertThat(TarAtFar.pairsNeeded(0.3)).isEqualTo(4);
    assertThat(TarAtFar.pairsNeeded(1)).isEqualTo(1);
  }

  @Test
  void validationRateIsUndefinedForFoldsOfOneKind() {
    PairScores sorted =
        PairScores.of(new double[] {0.9, 0.8, 0.1, 0.2}, new boolean[] {true, true, false, false});
    assertThat(ValAtFar.measure(sorted, 2, 0.1)).isEmpty();
  }

  @Test
  void refusesOneKindOfPair() {
    assertThatThrownBy(() -> RocCurve.of(PairScores.of(new double[] {1}, new boolean[] {true})))
        .isInstanceOf(DataException.class);
  }

  @Test
  void scoresInSinglePrecisionGiveTheSameCurve() {
    float[] scores = new float[500];
    double[] wide = new double[scores.length];
    boolean[] same = new boolean[scores.length];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < scores.length; i++) {
      same[i] = random.nextInt(4) == 0;
      scores[i] = Math.round(100 * random.nextDouble()) / 100f + (same[i] ? 0.1f : 0); // has ties
      wide[i] = scores[i];
    }
    PairScores pairs = PairScores.of(wide, same);
    assertThat(RocCurve.of(scores, same).points()).isEqualTo(RocCurve.of(pairs).points());
    int[] once = new int[scores.length];
    Arrays.fill(once, 1);
    assertThat(RankedPairs.of(pairs).curve(once).points())
        .as("the curve of weighted pairs, each of weight one")
        .isEqualTo(RocCurve.of(pairs).points());
    assertThat(RocCurve.of(pairs).points().size()).isLessThan(150);
  }

  @Test
  void aRateIsReadWithItsThreshold() {
    RocCurve.Point point = TarAtFar.point(curve(), 0.5, TarAtFar.Rule.STRICT);
    assertThat(point.trueAcceptRate())
        .isEqualTo(TarAtFar.measure(curve(), 0.5, TarAtFar.Rule.STRICT));
    assertThat(point.falseAcceptRate()).isLessThanOrEqualTo(0.5);
    assertThat(curve().points()).contains(point);
  }
}

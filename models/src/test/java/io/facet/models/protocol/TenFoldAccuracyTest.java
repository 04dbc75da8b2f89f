package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TenFoldAccuracyTest {
  private static final Offset<Double> TINY = within(1e-9);

  private static PairScores sixPairs() {
    return PairScores.ofSquaredDistances(
        new double[] {0.1, 0.3, 0.5, 1.5, 1.2, 0.9},
        new boolean[] {true, true, true, false, false, false});
  }

  @Test
  void takesTheFirstBestThresholdOfTheOtherFolds() {
    TenFoldAccuracy.Result result = TenFoldAccuracy.measure(sixPairs(), 3);
    assertThat(result.thresholds()).containsExactly(new double[] {0.51, 0.31, 0.51}, TINY);
    assertThat(result.accuracies()).containsExactly(new double[] {1, 0.5, 1}, TINY);
    assertThat(result.mean()).isCloseTo(5.0 / 6, TINY);
    assertThat(result.deviation()).isCloseTo(0.23570226039551584, TINY);
    assertThat(result.correct()).containsExactly(true, true, false, true, true, true);
  }

  @Test
  void largerFoldsComeFirst() {
    boolean[] same = new boolean[13];
    double[] scores = new double[13];
    for (int i = 0; i < 13; i++) {
      same[i] = i % 2 == 0;
      scores[i] = same[i] ? 0.9 : 0.1;
    }
    assertThat(TenFoldAccuracy.measure(PairScores.of(scores, same)).foldSizes())
        .containsExactly(2, 2, 2, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void fewerPairsThanFoldsAreRefused() {
    assertThatThrownBy(() -> TenFoldAccuracy.measure(sixPairs()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("6 pairs for 10 folds");
    assertThat(TenFoldAccuracy.measure(sixPairs(), 6).foldSizes()).hasSize(6).containsOnly(1);
  }

  @Test
  void foldsOfTheSetComeBeforeContiguousOnes() {
    PairScores plain = sixPairs();
    PairScores own = new PairScores(plain.scores(), plain.same(), new int[] {7, 3, 7, 3, 7, 3});
    TenFoldAccuracy.Result result = TenFoldAccuracy.measure(own);
    assertThat(result.foldSizes()).containsExactly(3, 3);
    assertThat(result.thresholds()).containsExactly(new double[] {0.51, 0.31}, TINY);
    assertThat(result.correct()).containsExactly(true, true, false, true, true, true);
  }

  @Test
  void meanOfVerdictsEqualsTheMeanOfEqualFolds() {
    SplittableRandom random = new SplittableRandom(4);
    double[] scores = new double[600];
    boolean[] same = new boolean[600];
    for (int i = 0; i < scores.length; i++) {
      same[i] = random.nextBoolean();
      scores[i] = 0.6 * random.nextDouble() + (same[i] ? 0.2 : 0);
    }
    TenFoldAccuracy.Result result = TenFoldAccuracy.measure(PairScores.of(scores, same));
    int right = 0;
    for (boolean one : result.correct()) {
      right += one ? 1 : 0;
    }
    assertThat(result.mean()).isCloseTo(right / 600.0, TINY).isBetween(0.6, 0.9);
  }

  @Test
  void binsAgreeWithComparingTheThresholdItself() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double distance =
          i % 2 == 0 ? random.nextDouble() * 4 : random.nextInt(401) * TenFoldAccuracy.STEP;
      int k = ThresholdBins.firstAccepting(distance, 0.01, 400);
      assertThat(k == 400 || distance < k * 0.01).isTrue();
      assertThat(k == 0 || !(distance < (k - 1) * 0.01)).isTrue();
    }
  }

  @Test
  void refusesOneKindOfPair() {
    assertThatThrownBy(
            () ->
                TenFoldAccuracy.measure(
                    PairScores.of(new double[] {1, 0.5}, new boolean[] {true, true})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("both kinds");
  }

  @Test
  void refusesScoresThatAreNoNumbers() {
    assertThatThrownBy(
            () -> PairScores.of(new double[] {1, Double.NaN}, new boolean[] {true, false}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pair 1");
  }
}

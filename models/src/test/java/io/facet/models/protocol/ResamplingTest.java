package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  /** Anna twice, Bea twice, Anna with Bea, Bea with Anna, Bea with Cleo. */
  private static final boolean[] SAME = {true, true, false, false, false};

  private static Resampling people() {
    return Resampling.byIdentity(SAME, new long[] {-9, 7, -9, 7, 7}, new long[] {-9, 7, 7, -9, 4});
  }

  @Test
  void allPairsOfAPersonComeAndGoTogether() {
    Draws random = new Draws(1);
    int[] weights = new int[5];
    for (int round = 0; round < 200; round++) {
      people().draw(random, weights);
      int anna = weights[0];
      int bea = weights[1];
      assertThat(weights[2]).isEqualTo(anna * bea).isEqualTo(weights[3]);
      assertThat(weights[4]).isEqualTo(bea * (3 - anna - bea));
      assertThat(weights[0] + weights[1]).isPositive();
      assertThat(weights[2] + weights[3] + weights[4]).isPositive();
    }
  }

  @Test
  void pairsKeepTheNumbersOfBothKinds() {
    Draws random = new Draws(1);
    int[] weights = new int[5];
    Resampling.byPair(SAME).draw(random, weights);
    assertThat(weights[0] + weights[1]).isEqualTo(2);
    assertThat(weights[2] + weights[3] + weights[4]).isEqualTo(3);
  }

  @Test
  void saysWhatItDraws() {
    assertThat(people().unit()).isEqualTo(ResamplingUnit.IDENTITY);
    assertThat(people().identities()).isEqualTo(3);
    assertThat(Resampling.byPair(SAME).unit()).isEqualTo(ResamplingUnit.PAIR);
    assertThatThrownBy(() -> Resampling.byIdentity(SAME, new long[5], new long[4]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theScaleFollowsTheFormula() {
    // centred: same 0.5, -0.5; different 2/3, -1/3, -1/3; Anna with Bea has 1/3 in two pairs
    double anna = 0.5 + 1.0 / 3;
    double bea = -0.5 + 1.0 / 3 - 1.0 / 3;
    double persons = anna * anna + bea * bea + 1.0 / 9;
    double cells = 1.0 / 9 + 1.0 / 9;
    double pairs = 0.5 + 2.0 / 3;
    double fewPeople = 4.302653 / 1.959964;
    double expected =
        fewPeople * Math.sqrt(Math.max(persons - cells, pairs) * 3 / (2 * (persons + cells)));
    assertThat(people().scaleOfMeans(new double[] {1, 0, 1, 0, 0}, 0.95))
        .isCloseTo(expected, within(1e-6));
    assertThat(Resampling.byPair(SAME).scaleOfMeans(new double[] {1, 0, 1, 0, 0}, 0.95))
        .isEqualTo(1);
  }

  @Test
  void bothWaysToFindTheScaleAgree() {
    SplittableRandom random = new SplittableRandom(8);
    int pairs = 600;
    boolean[] same = new boolean[pairs];
    long[] left = new long[pairs];
    long[] right = new long[pairs];
    double[] values = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      same[i] = i % 2 == 0;
      left[i] = random.nextInt(60);
      right[i] = same[i] ? left[i] : (left[i] + 1 + random.nextInt(59)) % 60;
      values[i] = random.nextDouble() + 0.02 * left[i];
    }
    Resampling people = Resampling.byIdentity(same, left, right);
    double drawn = variance(people::draw, same, values);
    double scale = people.scaleOfFigure(drawn, draw -> variance(draw, same, values), 0.95);
    assertThat(scale).isCloseTo(people.scaleOfMeans(values, 0.95), within(0.05));
  }

  private static double variance(BiConsumer<Draws, int[]> draw, boolean[] same, double[] values) {
    Draws random = new Draws(3);
    int[] weights = new int[same.length];
    double[] means = new double[4000];
    for (int round = 0; round < means.length; round++) {
      draw.accept(random, weights);
      double[] sums = new double[2];
      double[] totals = new double[2];
      for (int i = 0; i < weights.length; i++) {
        sums[same[i] ? 1 : 0] += weights[i] * values[i];
        totals[same[i] ? 1 : 0] += weights[i];
      }
      means[round] = (sums[0] / totals[0] + sums[1] / totals[1]) / 2;
    }
    double mean = Arrays.stream(means).average().orElseThrow();
    return Arrays.stream(means).map(m -> (m - mean) * (m - mean)).average().orElseThrow();
  }
}

package io.facet.models.protocol;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap of the difference of any figure of two systems on the same pairs: every
 * round draws pairs anew, the same ones for both, and measures the figure of both again. Same and
 * different pairs are drawn apart, so that both kinds remain in their numbers. For accuracies
 * {@link Bootstrap#compare} is quicker and keeps the thresholds of the folds.
 */
public final class PairedFigures {
  private PairedFigures() {}

  /**
   * Compares two systems.
   *
   * @param first scores of one system
   * @param second scores of the other on the same pairs in the same order
   * @param figure such as {@code pairs -> RocCurve.of(pairs).areaUnderCurve()}
   * @param confidence share of rounds inside the interval, in (0, 1)
   * @param rounds number of resamples, at least 1
   * @throws IllegalArgumentException if the pairs are not the same
   */
  public static Bootstrap.Interval difference(
      PairScores first,
      PairScores second,
      ToDoubleFunction<PairScores> figure,
      double confidence,
      int rounds,
      long seed) {
    if (!Arrays.equals(first.same(), second.same())) {
      throw new IllegalArgumentException("the two systems did not judge the same pairs");
    }
    first.requireBothKinds();
    SplittableRandom random = new SplittableRandom(seed);
    int[] same = positions(first, true);
    int[] different = positions(first, false);
    double[] differences = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      int[] drawn = new int[first.size()];
      for (int i = 0; i < same.length; i++) {
        drawn[i] = same[random.nextInt(same.length)];
      }
      for (int i = 0; i < different.length; i++) {
        drawn[same.length + i] = different[random.nextInt(different.length)];
      }
      differences[round] =
          figure.applyAsDouble(chosen(first, drawn)) - figure.applyAsDouble(chosen(second, drawn));
    }
    Arrays.sort(differences);
    double value = figure.applyAsDouble(first) - figure.applyAsDouble(second);
    double tail = (1 - confidence) / 2;
    return new Bootstrap.Interval(
        value, Bootstrap.quantile(differences, tail), Bootstrap.quantile(differences, 1 - tail));
  }

  private static int[] positions(PairScores pairs, boolean kind) {
    int[] found = new int[pairs.size()];
    int count = 0;
    for (int i = 0; i < pairs.size(); i++) {
      if (pairs.same()[i] == kind) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static PairScores chosen(PairScores pairs, int[] positions) {
    double[] scores = new double[positions.length];
    boolean[] same = new boolean[positions.length];
    for (int i = 0; i < positions.length; i++) {
      scores[i] = pairs.scores()[positions[i]];
      same[i] = pairs.same()[positions[i]];
    }
    return PairScores.of(scores, same);
  }
}

package io.facet.models.protocol;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap of the difference of any figure of the {@link RocCurve} of two systems on
 * the same pairs: every round draws pairs, or the people on them, anew (see {@link Resampling}),
 * the same ones for both, and measures the figure of both again. For accuracies {@link
 * Bootstrap#compare} is quicker and keeps the thresholds of the folds.
 */
public final class PairedFigures {
  /** Rounds that a variance is found from. */
  private static final int VARIANCE_ROUNDS = 1000;

  private final RankedPairs first;
  private final RankedPairs second;
  private final ToDoubleFunction<RocCurve> figure;

  private PairedFigures(PairScores first, PairScores second, ToDoubleFunction<RocCurve> figure) {
    this.first = RankedPairs.of(first);
    this.second = RankedPairs.of(second);
    this.figure = figure;
  }

  /**
   * Compares two systems.
   *
   * @param pairs how they are drawn
   * @param first scores of one system
   * @param second scores of the other on the same pairs in the same order
   * @param figure such as {@code RocCurve::areaUnderCurve}
   * @param confidence share of rounds inside the interval, in (0, 1)
   * @param rounds number of resamples, at least 1
   * @throws IllegalArgumentException if the pairs are not the same
   * @throws io.facet.models.DataException if there is only one kind of pair
   */
  public static Bootstrap.Interval difference(
      Resampling pairs,
      PairScores first,
      PairScores second,
      ToDoubleFunction<RocCurve> figure,
      double confidence,
      int rounds,
      long seed) {
    if (!Arrays.equals(first.same(), second.same()) || !Arrays.equals(first.same(), pairs.same())) {
      throw new IllegalArgumentException("the two systems did not judge the same pairs");
    }
    first.requireBothKinds();
    PairedFigures figures = new PairedFigures(first, second, figure);
    int[] once = new int[first.size()];
    Arrays.fill(once, 1);
    double value = figures.difference(once);
    double[] differences = figures.rounds(pairs::draw, rounds, seed);
    double scale =
        pairs.scaleOfFigure(
            variance(differences),
            draw -> variance(figures.rounds(draw, Math.min(rounds, VARIANCE_ROUNDS), seed)),
            confidence);
    for (int i = 0; i < rounds; i++) {
      differences[i] = value + scale * (differences[i] - value);
    }
    Arrays.sort(differences);
    return Bootstrap.interval(value, differences, confidence);
  }

  private double[] rounds(BiConsumer<Draws, int[]> draw, int rounds, long seed) {
    Draws random = new Draws(seed);
    int[] weights = new int[first.size()];
    double[] differences = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      draw.accept(random, weights);
      differences[round] = difference(weights);
    }
    return differences;
  }

  private double difference(int[] weights) {
    return figure.applyAsDouble(first.curve(weights)) - figure.applyAsDouble(second.curve(weights));
  }

  private static double variance(double[] values) {
    double deviation = Moments.populationDeviation(values);
    return deviation * deviation;
  }
}

package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Percentile bootstrap over pairs. Each pair's verdict under its fold's threshold is kept and pairs
 * are drawn anew, so that the interval covers the choice of pairs, not that of thresholds or of
 * training seeds. Pairs that share pictures are treated as independent, which makes intervals a
 * little too narrow on sets that reuse pictures.
 *
 * <p>Deterministic: same verdicts, rounds and seed, same interval.
 */
public final class Bootstrap {
  private Bootstrap() {}

  /**
   * An estimate with its interval.
   *
   * @param value the estimate itself
   * @param low lower end
   * @param high upper end
   */
  public record Interval(double value, double low, double high) {}

  /**
   * Comparison of two systems on the same pairs.
   *
   * @param difference accuracy of the first minus that of the second, with its interval
   * @param pValue two-sided exact sign test over the pairs the systems judge differently (McNemar):
   *     how probable at least so unequal a division is if neither is better
   */
  public record Comparison(Interval difference, double pValue) {}

  /**
   * Interval of the accuracy.
   *
   * @param correct verdict of each pair, as in {@link TenFoldAccuracy.Result#correct()}
   * @param confidence share of rounds inside the interval, in (0, 1), such as 0.95
   * @param rounds number of resamples, at least 1
   */
  public static Interval accuracy(boolean[] correct, double confidence, int rounds, long seed) {
    double[] values = new double[correct.length];
    Arrays.setAll(values, i -> correct[i] ? 1 : 0);
    return meanInterval(values, confidence, rounds, seed);
  }

  /** Compares two systems by their verdicts on the same pairs in the same order. */
  public static Comparison compare(
      boolean[] first, boolean[] second, double confidence, int rounds, long seed) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "verdicts on %d and %d pairs".formatted(first.length, second.length));
    }
    double[] differences = new double[first.length];
    int firstOnly = 0;
    int secondOnly = 0;
    for (int i = 0; i < first.length; i++) {
      differences[i] = (first[i] ? 1 : 0) - (second[i] ? 1 : 0);
      firstOnly += first[i] && !second[i] ? 1 : 0;
      secondOnly += second[i] && !first[i] ? 1 : 0;
    }
    return new Comparison(
        meanInterval(differences, confidence, rounds, seed), signTest(firstOnly, secondOnly));
  }

  /**
   * Interval of the mean of any per-item values, such as the accuracies of seeds.
   *
   * @throws DataException if there is no value
   */
  public static Interval meanInterval(double[] values, double confidence, int rounds, long seed) {
    if (values.length == 0) {
      throw new DataException("no value to draw from; an interval needs at least one");
    }
    if (!(confidence > 0 && confidence < 1) || rounds < 1) {
      throw new IllegalArgumentException(
          "confidence %s must be in (0, 1), rounds %d at least 1".formatted(confidence, rounds));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += values[random.nextInt(values.length)];
      }
      means[round] = sum / values.length;
    }
    Arrays.sort(means);
    double tail = (1 - confidence) / 2;
    return new Interval(Moments.mean(values), quantile(means, tail), quantile(means, 1 - tail));
  }

  /** Two-sided exact sign test; 1 if the systems never differ. */
  static double signTest(int firstOnly, int secondOnly) {
    int trials = firstOnly + secondOnly;
    if (trials == 0) {
      return 1;
    }
    double tail =
        new BinomialDistribution(trials, 0.5)
            .cumulativeProbability(Math.min(firstOnly, secondOnly));
    return Math.min(1, 2 * tail);
  }

  /** Linear interpolation between order statistics. */
  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}

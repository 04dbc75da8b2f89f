package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap over pairs and training seeds. Each pair's verdict under its fold's
 * threshold is kept; every round draws seeds and pairs anew, so that the interval covers the choice
 * of pairs and of seeds, not that of thresholds. With one seed it covers the pairs alone. Pairs
 * that share pictures are treated as independent, which makes intervals a little too narrow on sets
 * that reuse pictures; few seeds show little of what other seeds would give.
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
   * @param pValue two-sided: twice the share of rounds on the less likely side of no difference, at
   *     least 2 / (rounds + 1)
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
    return accuracy(new boolean[][] {correct}, confidence, rounds, seed);
  }

  /**
   * Interval of the accuracy over training seeds.
   *
   * @param correct verdicts {@code [seed][pair]}, each row as {@link
   *     TenFoldAccuracy.Result#correct()}
   */
  public static Interval accuracy(boolean[][] correct, double confidence, int rounds, long seed) {
    double[][] values = new double[correct.length][];
    Arrays.setAll(values, s -> numbers(correct[s]));
    return interval(values, sortedMeans(values, confidence, rounds, seed), confidence);
  }

  /**
   * Compares two systems by their verdicts {@code [seed][pair]} on the same pairs in the same
   * order. Row by row the same seed; a system with one row is the same for every seed of the other.
   *
   * @throws IllegalArgumentException if pairs or seeds cannot be matched
   */
  public static Comparison compare(
      boolean[][] first, boolean[][] second, double confidence, int rounds, long seed) {
    int seeds = Math.max(first.length, second.length);
    if ((first.length != seeds && first.length != 1)
        || (second.length != seeds && second.length != 1)) {
      throw new IllegalArgumentException(
          "verdicts of %d and %d seeds".formatted(first.length, second.length));
    }
    double[][] differences = new double[seeds][];
    for (int s = 0; s < seeds; s++) {
      boolean[] one = first[Math.min(s, first.length - 1)];
      boolean[] other = second[Math.min(s, second.length - 1)];
      if (one.length != other.length) {
        throw new IllegalArgumentException(
            "verdicts on %d and %d pairs".formatted(one.length, other.length));
      }
      differences[s] = numbers(one);
      for (int i = 0; i < other.length; i++) {
        differences[s][i] -= other[i] ? 1 : 0;
      }
    }
    double[] means = sortedMeans(differences, confidence, rounds, seed);
    long notAbove = Arrays.stream(means).filter(mean -> mean <= 0).count();
    long notBelow = Arrays.stream(means).filter(mean -> mean >= 0).count();
    double pValue = Math.min(1, 2.0 * (Math.min(notAbove, notBelow) + 1) / (rounds + 1));
    return new Comparison(interval(differences, means, confidence), pValue);
  }

  private static double[] numbers(boolean[] verdicts) {
    double[] values = new double[verdicts.length];
    Arrays.setAll(values, i -> verdicts[i] ? 1 : 0);
    return values;
  }

  private static double[] sortedMeans(double[][] values, double confidence, int rounds, long seed) {
    if (values.length == 0 || values[0].length == 0) {
      throw new DataException("no value to draw from; an interval needs at least one");
    }
    if (!(confidence > 0 && confidence < 1) || rounds < 1) {
      throw new IllegalArgumentException(
          "confidence %s must be in (0, 1), rounds %d at least 1".formatted(confidence, rounds));
    }
    SplittableRandom random = new SplittableRandom(seed);
    int pairs = values[0].length;
    double[] means = new double[rounds];
    double[][] drawn = new double[values.length][];
    for (int round = 0; round < rounds; round++) {
      Arrays.setAll(drawn, s -> values[values.length == 1 ? 0 : random.nextInt(values.length)]);
      double sum = 0;
      for (int i = 0; i < pairs; i++) {
        int pair = random.nextInt(pairs);
        for (double[] ofSeed : drawn) {
          sum += ofSeed[pair];
        }
      }
      means[round] = sum / ((double) pairs * drawn.length);
    }
    Arrays.sort(means);
    return means;
  }

  private static Interval interval(double[][] values, double[] sortedMeans, double confidence) {
    double mean = Moments.mean(Arrays.stream(values).mapToDouble(Moments::mean).toArray());
    double tail = (1 - confidence) / 2;
    return new Interval(mean, quantile(sortedMeans, tail), quantile(sortedMeans, 1 - tail));
  }

  /** Linear interpolation between order statistics. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}

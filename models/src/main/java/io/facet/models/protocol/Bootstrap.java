package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.List;

/**
 * Percentile bootstrap of accuracies over pairs, or the people on them, and training seeds (see
 * {@link Resampling}). Each pair's verdict under its fold's threshold is kept; every round draws
 * seeds and pairs anew, so that the interval covers the choice of both, not that of thresholds.
 * With one seed it covers the pairs alone; with few seeds their part is too narrow, by (n - 1) / n
 * in variance, and {@link SeedSummary} is the honest companion.
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
   * Interval of the accuracy over training seeds.
   *
   * @param pairs how they are drawn
   * @param correct verdicts {@code [seed][pair]}, each row as {@link
   *     TenFoldAccuracy.Result#correct()}
   * @param confidence share of rounds inside the interval, in (0, 1), such as 0.95
   * @param rounds number of resamples, at least 1
   */
  public static Interval accuracy(
      Resampling pairs, boolean[][] correct, double confidence, int rounds, long seed) {
    byte[][] values = new byte[correct.length][];
    Arrays.setAll(values, s -> numbers(correct[s]));
    double[] means = means(pairs, values, confidence, rounds, seed);
    Arrays.sort(means);
    return interval(values, means, confidence);
  }

  /**
   * Interval of a weighted sum of shares of several groups that have nobody in common, such as
   * identification rates over galleries.
   *
   * @param groups how each is drawn
   * @param found verdicts of each group
   * @param weights of the groups
   * @param confidence as in {@link #accuracy}
   */
  public static Interval weightedShares(
      List<Resampling> groups,
      List<boolean[]> found,
      double[] weights,
      double confidence,
      int rounds,
      long seed) {
    double value = 0;
    double[] sums = new double[rounds];
    for (int g = 0; g < weights.length; g++) {
      byte[][] values = {numbers(found.get(g))};
      double[] means = means(groups.get(g), values, confidence, rounds, seed + g);
      value += weights[g] * mean(values[0]);
      for (int round = 0; round < rounds; round++) {
        sums[round] += weights[g] * means[round];
      }
    }
    Arrays.sort(sums);
    return interval(value, sums, confidence);
  }

  /**
   * Compares two systems by their verdicts {@code [seed][pair]} on the same pairs in the same
   * order. Row by row the same seed; a system with one row is the same for every seed of the other.
   *
   * @throws IllegalArgumentException if pairs or seeds cannot be matched
   */
  public static Comparison compare(
      Resampling pairs,
      boolean[][] first,
      boolean[][] second,
      double confidence,
      int rounds,
      long seed) {
    int seeds = Math.max(first.length, second.length);
    if ((first.length != seeds && first.length != 1)
        || (second.length != seeds && second.length != 1)) {
      throw new IllegalArgumentException(
          "verdicts of %d and %d seeds".formatted(first.length, second.length));
    }
    byte[][] differences = new byte[seeds][];
    for (int s = 0; s < seeds; s++) {
      differences[s] =
          differences(first[Math.min(s, first.length - 1)], second[Math.min(s, second.length - 1)]);
    }
    double[] means = means(pairs, differences, confidence, rounds, seed);
    Arrays.sort(means);
    long notAbove = Arrays.stream(means).filter(mean -> mean <= 0).count();
    long notBelow = Arrays.stream(means).filter(mean -> mean >= 0).count();
    return new Comparison(
        interval(differences, means, confidence), pValue(notAbove, notBelow, rounds));
  }

  /** Two-sided, from the numbers of rounds on both sides of no difference. */
  static double pValue(long notAbove, long notBelow, int rounds) {
    return Math.min(1, 2.0 * (Math.min(notAbove, notBelow) + 1) / (rounds + 1));
  }

  /** Verdicts of one system minus those of another, -1, 0 or 1 each. */
  static byte[] differences(boolean[] one, boolean[] other) {
    if (one.length != other.length) {
      throw new IllegalArgumentException(
          "verdicts on %d and %d pairs".formatted(one.length, other.length));
    }
    byte[] differences = numbers(one);
    for (int i = 0; i < other.length; i++) {
      differences[i] -= (byte) (other[i] ? 1 : 0);
    }
    return differences;
  }

  static byte[] numbers(boolean[] verdicts) {
    byte[] values = new byte[verdicts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (verdicts[i] ? 1 : 0);
    }
    return values;
  }

  /** One mean a round. */
  private static double[] means(
      Resampling pairs, byte[][] values, double confidence, int rounds, long seed) {
    check(values, pairs.size(), confidence, rounds);
    Draws random = new Draws(seed);
    int seeds = values.length;
    double[] estimates = Arrays.stream(values).mapToDouble(Bootstrap::mean).toArray();
    double scale = pairs.scaleOfMeans(meanOverSeeds(values), confidence);
    int[] weights = new int[pairs.size()];
    double[] means = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      pairs.draw(random, weights);
      double[] drawn = weightedMeans(pairs.same(), values, weights);
      for (int i = 0; i < seeds; i++) {
        int s = seeds == 1 ? 0 : random.below(seeds);
        means[round] += (estimates[s] + scale * (drawn[s] - estimates[s])) / seeds;
      }
    }
    return means;
  }

  static void check(byte[][] values, int pairs, double confidence, int rounds) {
    if (values.length == 0 || pairs == 0) {
      throw new DataException("no value to draw from; an interval needs at least one");
    }
    if (values[0].length != pairs) {
      throw new IllegalArgumentException(
          "verdicts on %d of %d pairs".formatted(values[0].length, pairs));
    }
    if (!(confidence > 0 && confidence < 1) || rounds < 1) {
      throw new IllegalArgumentException(
          "confidence %s must be in (0, 1), rounds %d at least 1".formatted(confidence, rounds));
    }
  }

  /** Of each seed; same and different pairs count with their share of the set. */
  private static double[] weightedMeans(boolean[] same, byte[][] values, int[] weights) {
    int pairs = same.length;
    int seeds = values.length;
    long[] total = new long[2];
    long[][] sums = new long[2][seeds];
    int sameCount = 0;
    for (int i = 0; i < pairs; i++) {
      int kind = same[i] ? 1 : 0;
      sameCount += kind;
      int weight = weights[i];
      if (weight != 0) {
        total[kind] += weight;
        long[] ofKind = sums[kind];
        for (int s = 0; s < seeds; s++) {
          ofKind[s] += (long) weight * values[s][i];
        }
      }
    }
    double[] means = new double[seeds];
    for (int s = 0; s < seeds; s++) {
      means[s] = joined(share(sums[0][s], total[0]), share(sums[1][s], total[1]), sameCount, pairs);
    }
    return means;
  }

  /** Mean over all pairs from those of different and of same pairs. */
  static double joined(double different, double same, int sameCount, int pairs) {
    return ((pairs - sameCount) * different + sameCount * same) / pairs;
  }

  static double share(long sum, long total) {
    return total == 0 ? 0 : (double) sum / total;
  }

  static double mean(byte[] values) {
    long sum = 0;
    for (byte value : values) {
      sum += value;
    }
    return (double) sum / values.length;
  }

  static double[] meanOverSeeds(byte[][] values) {
    double[] means = new double[values[0].length];
    for (byte[] ofSeed : values) {
      for (int i = 0; i < means.length; i++) {
        means[i] += (double) ofSeed[i] / values.length;
      }
    }
    return means;
  }

  private static Interval interval(byte[][] values, double[] sortedMeans, double confidence) {
    double mean = Moments.mean(Arrays.stream(values).mapToDouble(Bootstrap::mean).toArray());
    return interval(mean, sortedMeans, confidence);
  }

  static Interval interval(double value, double[] sorted, double confidence) {
    double tail = (1 - confidence) / 2;
    return new Interval(value, quantile(sorted, tail), quantile(sorted, 1 - tail));
  }

  /** Linear interpolation between order statistics. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}

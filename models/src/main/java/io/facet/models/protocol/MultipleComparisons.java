package io.facet.models.protocol;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Correction of p-values when several comparisons are made at once. */
public final class MultipleComparisons {
  /** What rounds are raised for: the lowest p-value after Holm's correction, or below. */
  private static final double WANTED = 0.01;

  private static final int MOST_ROUNDS = 100_000;

  private MultipleComparisons() {}

  /**
   * Holm's step-down adjustment: the k-th smallest of n p-values is multiplied by n - k + 1, made
   * monotone and capped at 1. An adjusted value below alpha is significant at a family-wise error
   * rate of alpha.
   *
   * @return adjusted values in the order given
   */
  public static double[] holm(double[] pValues) {
    int[] order =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double floor = 0;
    for (int k = 0; k < order.length; k++) {
      floor = Math.max(floor, Math.min(1, pValues[order[k]] * (order.length - k)));
      adjusted[order[k]] = floor;
    }
    return adjusted;
  }

  /**
   * The lowest value that {@link #holm} can give the best of several p-values of {@link
   * Bootstrap#compare}: comparisons * 2 / (rounds + 1), at most 1.
   */
  public static double lowest(int comparisons, int rounds) {
    return Math.min(1, comparisons * 2.0 / (rounds + 1));
  }

  /**
   * Rounds that comparisons need: those wanted, or as many as let {@link #lowest} reach 0.01, which
   * is 200 a comparison less one. Never raised above 100,000.
   */
  public static int rounds(int comparisons, int wanted) {
    long needed = Math.round(comparisons * 2 / WANTED) - 1;
    return (int) Math.max(wanted, Math.min(needed, MOST_ROUNDS));
  }
}

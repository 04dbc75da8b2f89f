package io.facet.models.protocol;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Correction of p-values when several comparisons are made at once. */
public final class MultipleComparisons {
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
}

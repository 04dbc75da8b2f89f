package io.facet.models.protocol;

/**
 * Distances sorted into bins of a threshold grid {@code k * step}, so that counting at every
 * threshold is one pass.
 */
final class ThresholdBins {
  private ThresholdBins() {}

  /**
   * The smallest k with {@code distance < k * step}: the pair counts as "same" from threshold k on;
   * {@code count} if none below {@code count} does.
   */
  static int firstAccepting(double distance, double step, int count) {
    int k = (int) Math.min(count, Math.floor(distance / step));
    while (k > 0 && distance < (k - 1) * step) {
      k--;
    }
    while (k < count && !(distance < k * step)) {
      k++;
    }
    return k;
  }
}

package io.facet.pipelines.estimate;

/**
 * One instance of a stage at another size.
 *
 * @param name of the instance
 * @param measured what it is derived from, in words
 * @param slotSeconds seconds on one slot; NaN if nothing was measured
 * @param divisible whether more slots make it faster; else it occupies one to its end
 * @param bytes in the store; NaN if nothing was measured
 */
public record StageEstimate(
    String name, String measured, double slotSeconds, boolean divisible, double bytes) {

  /** Whether there is a figure. */
  public boolean known() {
    return !Double.isNaN(slotSeconds);
  }

  /** Seconds of this instance alone on so many slots. */
  public double seconds(int slots) {
    return divisible ? slotSeconds / slots : slotSeconds;
  }
}

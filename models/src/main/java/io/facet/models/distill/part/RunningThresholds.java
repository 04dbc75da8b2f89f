package io.facet.models.distill.part;

import java.util.Arrays;
import java.util.List;

/**
 * Similarity thresholds of fixed false accept rates, as running means over batches that begin at 0.
 */
public final class RunningThresholds {
  private final double[] anchors;
  private final double newShare;
  private final boolean debias;
  private final double[] means;
  private long updates;

  /**
   * Thresholds at 0.
   *
   * @param anchors a false accept rate of one in so many, each
   * @param newShare share of a new batch in the mean
   * @param debias whether {@link #current} makes up for the start at 0
   */
  public RunningThresholds(List<Double> anchors, double newShare, boolean debias) {
    this.anchors = anchors.stream().mapToDouble(Double::doubleValue).toArray();
    this.newShare = newShare;
    this.debias = debias;
    means = new double[this.anchors.length];
  }

  /**
   * Takes in the pairs of two identities of a batch: of n pairs, sorted from the most similar, the
   * one at floor(n / anchor). Without any the thresholds stay.
   *
   * @param negatives places of the pairs among the similarities
   */
  public void update(int[] negatives, float[] similarities) {
    int count = negatives.length;
    if (count == 0) {
      return;
    }
    float[] sorted = new float[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = similarities[negatives[i]];
    }
    Arrays.sort(sorted);
    for (int k = 0; k < anchors.length; k++) {
      int fromTop = Math.min(count - 1, (int) (count / anchors[k]));
      means[k] = newShare * sorted[count - 1 - fromTop] + (1 - newShare) * means[k];
    }
    updates++;
  }

  /** The thresholds to judge by. */
  public double[] current() {
    double share = debias && updates > 0 ? 1 - Math.pow(1 - newShare, updates) : 1;
    return Arrays.stream(means).map(mean -> mean / share).toArray();
  }

  /** The running means, then the number of updates. */
  public double[] state() {
    double[] state = Arrays.copyOf(means, means.length + 1);
    state[means.length] = updates;
    return state;
  }

  /** Takes back what {@link #state} gave. */
  public void restore(double[] state) {
    System.arraycopy(state, 0, means, 0, means.length);
    updates = (long) state[means.length];
  }
}

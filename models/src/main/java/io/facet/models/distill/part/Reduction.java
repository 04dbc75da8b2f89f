package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;

/** How squared differences {@code (B, d)} become one number. */
public enum Reduction {
  /** Sum over the width, mean over the batch. */
  BATCH_MEAN,
  /** Sum over width and batch. */
  SUM,
  /** Mean over all elements; d times smaller than {@link #BATCH_MEAN}. */
  MEAN;

  /** The number of {@code (B, d)}, a scalar. */
  public NDArray of(NDArray differences) {
    return switch (this) {
      case BATCH_MEAN -> differences.sum(new int[] {-1}).mean();
      case SUM -> differences.sum();
      case MEAN -> differences.mean();
    };
  }
}

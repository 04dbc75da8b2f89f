package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;

/** max(x, 0) + slope min(x, 0) with one trained slope a channel (axis 1), 0.25 at first. */
public final class PRelu extends Layer {
  private final Weight weight;

  public PRelu(int channels) {
    weight = vector("weight", Initialiser.constant(0.25f), channels);
  }

  public NDArray forward(NDArray x) {
    return TorchOps.prelu(x, weight.array());
  }

  /** The slopes {@code (C)}. */
  public Weight weight() {
    return weight;
  }
}

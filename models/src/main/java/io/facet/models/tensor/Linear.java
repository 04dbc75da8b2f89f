package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;

/**
 * x W^T + b on the last axis, {@code (..., in)} to {@code (..., out)}. For tokens {@code (B, N,
 * in)}, N at least 2, it runs as a convolution over one row of N pixels with the channels
 * innermost, whose kernels are faster than those of the matrix product (infra/bench/README.md).
 */
public final class Linear extends Layer {
  private final Weight weight;
  private final Weight bias;

  /** Weights and bias start uniform within 1 / sqrt(in), PyTorch's default. */
  public Linear(int in, int out, boolean withBias) {
    this(
        in,
        out,
        Initialiser.uniform(1 / Math.sqrt(in)),
        withBias ? Initialiser.uniform(1 / Math.sqrt(in)) : null);
  }

  /**
   * @param biasInitialiser null: no bias
   */
  public Linear(int in, int out, Initialiser weightInitialiser, Initialiser biasInitialiser) {
    weight = matrix("weight", weightInitialiser, out, in);
    bias = biasInitialiser == null ? null : vector("bias", biasInitialiser, out);
  }

  public NDArray forward(NDArray x) {
    return new LayerSequence(false).then(this).run(x);
  }

  /** The matrix {@code (out, in)}. */
  public Weight weight() {
    return weight;
  }

  /** The bias {@code (out)}, or null. */
  public Weight bias() {
    return bias;
  }
}

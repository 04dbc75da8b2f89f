package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Attention over heads that are consecutive column blocks. */
final class HeadSplit {
  private HeadSplit() {}

  /** {@code (B, N, d)} to {@code (B, H, N, d / H)}. */
  static NDArray split(NDArray tokens, int heads) {
    Shape shape = tokens.getShape();
    return tokens
        .reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads)
        .transpose(0, 2, 1, 3);
  }

  /** {@code (B, H, N, d / H)} to {@code (B, N, d)}. */
  static NDArray join(NDArray tokens) {
    Shape shape = tokens.getShape();
    return tokens
        .transpose(0, 2, 1, 3)
        .reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3));
  }

  /** softmax of {@link #products}. */
  static NDArray attention(NDArray queries, NDArray keys) {
    return products(queries, keys).softmax(-1);
  }

  /** {@code queries keys^T / sqrt(d / H)}, both split; {@code (B, H, L, N)}. */
  static NDArray products(NDArray queries, NDArray keys) {
    double scale = 1 / Math.sqrt(keys.getShape().get(3));
    return queries.mul(scale).matMul(keys.transpose(0, 1, 3, 2));
  }
}

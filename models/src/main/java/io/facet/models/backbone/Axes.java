package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;

/** Feature maps as tokens and tokens as maps. */
final class Axes {
  private Axes() {}

  /** Tokens {@code (B, side^2, C)} to maps {@code (B, C, side, side)}; the caller keeps them. */
  static NDArray map(NDArray tokens, int side) {
    long batch = tokens.getShape().get(0);
    long width = tokens.getShape().get(2);
    return Chain.from(tokens)
        .then(y -> y.transpose(0, 2, 1))
        .then(y -> y.reshape(batch, width, side, side))
        .end();
  }

  /** {@code (B, C, H, W)} to tokens {@code (B, H W, C)}. */
  static NDArray tokens(NDArray x) {
    long batch = x.getShape().get(0);
    long channels = x.getShape().get(1);
    return Chain.from(x)
        .then(y -> y.reshape(batch, channels, -1))
        .then(y -> y.transpose(0, 2, 1))
        .end();
  }
}

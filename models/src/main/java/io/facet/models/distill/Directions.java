package io.facet.models.distill;

import ai.djl.ndarray.NDArray;

/** Directions of embeddings: x / max(||x||, 1e-12) along the last axis. */
public final class Directions {
  private static final double SMALLEST_SQUARE = 1e-24;

  private Directions() {}

  /**
   * Rows of length one.
   *
   * <p>A row shorter than 1e-12 has no direction: it gives zeros and takes no gradient, where the
   * bare quotient would give gradients near 1e12.
   *
   * @param embeddings {@code (..., d)}
   * @return the same shape
   */
  public static NDArray of(NDArray embeddings) {
    NDArray squares = embeddings.square().sum(new int[] {-1}, true);
    NDArray usable = squares.gt(SMALLEST_SQUARE).toType(embeddings.getDataType(), false);
    return embeddings.mul(usable).div(squares.maximum(SMALLEST_SQUARE).sqrt());
  }

  /**
   * Cosine of each row pair.
   *
   * @param left {@code (B, d)}
   * @param right {@code (B, d)}
   * @return {@code (B)}
   */
  public static NDArray cosines(NDArray left, NDArray right) {
    return of(left).mul(of(right)).sum(new int[] {-1});
  }
}

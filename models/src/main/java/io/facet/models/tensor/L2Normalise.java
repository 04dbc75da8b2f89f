package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;

/** L2 normalisation of embeddings: x / max(||x||, 1e-12) along the last axis. */
public final class L2Normalise {
  private static final double SMALLEST_SQUARE = 1e-24;

  private L2Normalise() {}

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
    return of(embeddings, 0);
  }

  /** The same with a number added to each length: x / (||x|| + epsilon). */
  public static NDArray of(NDArray embeddings, double epsilon) {
    NDArray squares = embeddings.square().sum(new int[] {-1}, true);
    NDArray usable = squares.gt(SMALLEST_SQUARE).toType(embeddings.getDataType(), false);
    NDArray lengths = squares.maximum(SMALLEST_SQUARE).sqrt();
    return embeddings.mul(usable).div(epsilon == 0 ? lengths : lengths.add(epsilon));
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

  /**
   * Cosines of all pairs of rows.
   *
   * @param embeddings {@code (B, d)}
   * @return {@code (B, B)}
   */
  public static NDArray similarities(NDArray embeddings) {
    NDArray directions = of(embeddings);
    return directions.matMul(directions.transpose());
  }
}

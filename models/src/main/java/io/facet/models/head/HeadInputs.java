package io.facet.models.head;

import ai.djl.ndarray.NDArray;

/**
 * What a margin head sees of one batch.
 *
 * @param cosines of embeddings and class weights, {@code (B, C)}
 * @param embeddings raw, {@code (B, d)}
 * @param labels class of each row, int64 {@code (B)}
 */
public record HeadInputs(NDArray cosines, NDArray embeddings, NDArray labels) {
  private static final double SMALLEST_SQUARE = 1e-24;

  /** Lengths of the embeddings, {@code (B)}; a zero vector counts 1e-12 and takes no gradient. */
  public NDArray lengths() {
    return embeddings.square().sum(new int[] {1}).maximum(SMALLEST_SQUARE).sqrt();
  }

  /** Cosines to the own class, {@code (B, 1)}. */
  public NDArray target() {
    return cosines.gather(labels.expandDims(1), 1);
  }

  /** The matrix with other values at the own classes: {@code all} and {@code target (B, 1)}. */
  public NDArray withTarget(NDArray all, NDArray target) {
    return all.scatter(labels.expandDims(1), target, 1);
  }
}

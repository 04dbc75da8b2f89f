package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import io.facet.models.option.Extension;

/** A margin softmax over identities: ArcFace, CosFace. Pure function of cosines and labels. */
public interface MarginHead<O extends Record> extends Extension<O> {
  /**
   * Logits after margin and scale.
   *
   * @param cosines of normalised embeddings and normalised class weights, {@code (B, C)}
   * @param labels class of each row, int64 {@code (B)}
   * @return {@code (B, C)}
   */
  NDArray logits(NDArray cosines, NDArray labels, O options);
}

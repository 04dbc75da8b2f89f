package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;

/**
 * The classifier that trains embeddings: one weight row a class, cosines to it, a margin softmax.
 * Its one trained weight is {@code weight} {@code (C, d)}, at first normal with deviation 0.01;
 * buffers of the margin softmax stand below {@code margin}.
 */
public final class IdentityHead extends Layer {
  private final Weight weight;
  private final HeadSession margin;

  public IdentityHead(Selected<? extends MarginHead<?>> selected, int classes, int width) {
    this(HeadSession.of(selected), classes, width);
  }

  private IdentityHead(HeadSession session, int classes, int width) {
    weight = matrix("weight", Initialiser.normal(0.01), classes, width);
    margin = child("margin", session);
  }

  /** A head in code rather than from a recipe. */
  public static <O extends Record> IdentityHead of(
      MarginHead<O> margin, O options, int classes, int width) {
    return new IdentityHead(margin.open(options), classes, width);
  }

  /**
   * Cosines between the rows of two matrices, {@code (B, d)} and {@code (C, d)}; a zero embedding
   * has cosine 0 to every class and takes no gradient.
   *
   * @throws IllegalArgumentException if the widths differ
   */
  public static NDArray cosines(NDArray embeddings, NDArray classes) {
    return FrozenHead.cosines(embeddings, classes.normalize(2, 1));
  }

  /**
   * Logits of a margin softmax on any class weights, {@code (B, C)}.
   *
   * @param embeddings raw, {@code (B, d)}
   * @param classes raw class weights, {@code (C, d)}
   * @param labels int64, {@code (B)}
   */
  public static NDArray logits(
      HeadSession margin, NDArray embeddings, NDArray classes, NDArray labels) {
    return margin.logits(new HeadInputs(cosines(embeddings, classes), embeddings, labels));
  }

  /** Logits after margin and scale, {@code (B, C)}. */
  public NDArray logits(NDArray embeddings, NDArray labels) {
    return logits(margin, embeddings, weight.array(), labels);
  }

  /** Mean cross entropy of the margin softmax, a scalar; labels int64 {@code (B)}. */
  public NDArray loss(NDArray embeddings, NDArray labels) {
    return TorchOps.crossEntropy(logits(embeddings, labels), labels);
  }

  /** The class weights, {@code (C, d)}. */
  public Weight weight() {
    return weight;
  }
}

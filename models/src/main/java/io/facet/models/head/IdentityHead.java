package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;

/**
 * The classifier that trains embeddings: one weight row a class, cosines to it, a margin softmax.
 * Its one weight is {@code weight} {@code (C, d)}, at first normal with deviation 0.01.
 */
public final class IdentityHead extends Layer {
  private final Weight weight;
  private final MarginHead<Record> margin;
  private final Record options;

  public IdentityHead(Selected<? extends MarginHead<?>> selected, int classes, int width) {
    this(selected.extension(), selected.options(), classes, width);
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private IdentityHead(MarginHead<?> margin, Record options, int classes, int width) {
    this.margin = (MarginHead<Record>) margin;
    this.options = margin.optionsType().cast(options);
    weight = matrix("weight", Initialiser.normal(0.01), classes, width);
  }

  /** A head in code rather than from a recipe. */
  public static <O extends Record> IdentityHead of(
      MarginHead<O> margin, O options, int classes, int width) {
    return new IdentityHead(margin, options, classes, width);
  }

  /** Cosines between raw embeddings {@code (B, d)} and the class weights, {@code (B, C)}. */
  public NDArray cosines(NDArray embeddings) {
    return cosines(embeddings, weight.array());
  }

  /** Cosines between the rows of two matrices, {@code (B, d)} and {@code (C, d)}. */
  public static NDArray cosines(NDArray embeddings, NDArray classes) {
    NDArray normalised = embeddings.normalize(2, 1);
    NDArray directions = classes.normalize(2, 1);
    return ai.djl.nn.core.Linear.linear(normalised, directions, null).head();
  }

  /** Logits after margin and scale, {@code (B, C)}. */
  public NDArray logits(NDArray embeddings, NDArray labels) {
    return margin.logits(cosines(embeddings), labels, options);
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

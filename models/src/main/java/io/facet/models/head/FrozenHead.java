package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.option.Selected;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TorchOps;

/**
 * Margin softmax on class weights that it does not train: a teacher's classifier, running centres.
 * Gradients reach the embeddings only. Buffers of the margin softmax stand below {@code margin}.
 */
public final class FrozenHead extends Layer {
  private final HeadSession margin;

  /** The margin softmax a recipe chose. */
  public FrozenHead(Selected<? extends MarginHead<?>> selected) {
    this(HeadSession.of(selected));
  }

  private FrozenHead(HeadSession session) {
    margin = child("margin", session);
  }

  /** A margin softmax in code rather than from a recipe. */
  public static <O extends Record> FrozenHead of(MarginHead<O> margin, O options) {
    return new FrozenHead(margin.open(options));
  }

  /**
   * Cosines to every class, {@code (B, C)}.
   *
   * @param embeddings raw, {@code (B, d)}
   * @param classes rows of length one, {@code (C, d)}
   * @throws IllegalArgumentException if the widths differ
   */
  public static NDArray cosines(NDArray embeddings, NDArray classes) {
    requireWidth(embeddings, classes);
    return ai.djl.nn.core.Linear.linear(L2Normalise.of(embeddings), classes, null).head();
  }

  /**
   * Refuses class weights of another width than the embeddings.
   *
   * @throws IllegalArgumentException naming both shapes
   */
  public static void requireWidth(NDArray embeddings, NDArray classes) {
    if (embeddings.getShape().get(1) != classes.getShape().get(1)) {
      throw new IllegalArgumentException(
          "embeddings %s and class weights %s have different widths"
              .formatted(embeddings.getShape(), classes.getShape()));
    }
  }

  /**
   * The same values as a constant of one step, which is freed with it.
   *
   * @param manager of the step
   */
  public static NDArray constant(NDArray classes, NDManager manager) {
    NDArray constant = classes.stopGradient();
    constant.attach(manager);
    return constant;
  }

  /**
   * Mean cross entropy of the margin softmax, a scalar.
   *
   * @param embeddings raw, {@code (B, d)}
   * @param classes rows of length one, {@code (C, d)}, without gradients
   * @param labels int64, {@code (B)}
   */
  public NDArray loss(NDArray embeddings, NDArray classes, NDArray labels) {
    NDArray cosines = cosines(embeddings, constant(classes, embeddings.getManager()));
    return TorchOps.crossEntropy(
        margin.logits(new HeadInputs(cosines, embeddings, labels)), labels);
  }
}

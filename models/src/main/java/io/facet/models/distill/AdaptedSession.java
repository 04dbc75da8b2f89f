package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import java.util.function.BiFunction;

/** A session without state but the map that brings student embeddings to the teacher's width. */
final class AdaptedSession extends MethodSession {
  private final EmbeddingAdapter adapter;
  private final BiFunction<NDArray, NDArray, TermLosses> losses;

  /**
   * A session of the method with that key.
   *
   * @param allowed whether the recipe allows a map where the widths differ
   * @param losses of student embeddings in the teacher's width and teacher embeddings, both {@code
   *     (B, d)}
   */
  AdaptedSession(
      String method,
      MethodSetup setup,
      boolean allowed,
      BiFunction<NDArray, NDArray, TermLosses> losses) {
    adapter = child("adapter", EmbeddingAdapter.of(method, setup, allowed));
    this.losses = losses;
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
    NDArray student = adapter.forward(inputs.student().embedding());
    return losses.apply(student, inputs.teacher().embedding());
  }
}

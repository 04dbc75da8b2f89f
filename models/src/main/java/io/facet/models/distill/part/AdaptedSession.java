package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import java.util.function.BiFunction;

/** A session without state but the map that brings student embeddings to the teacher's width. */
public final class AdaptedSession extends MethodSession {
  private final EmbeddingAdapter adapter;
  private final BiFunction<NDArray, NDArray, TermLosses> losses;

  /**
   * A session of the method with that key.
   *
   * @param adapting when the student's embedding goes through a map
   * @param comparesLengths whether the losses look at raw embeddings, not at directions alone
   * @param losses of student embeddings in the teacher's width and teacher embeddings, both {@code
   *     (B, d)}
   */
  public AdaptedSession(
      String method,
      MethodSetup setup,
      AdapterOptions adapting,
      boolean comparesLengths,
      BiFunction<NDArray, NDArray, TermLosses> losses) {
    adapter =
        child(
            "adapter",
            new EmbeddingAdapter(
                method,
                setup.studentEmbedding(),
                setup.teacherEmbedding(),
                adapting,
                comparesLengths));
    this.losses = losses;
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
    NDArray student = adapter.forward(inputs.student().embedding());
    return losses.apply(student, inputs.teacher().embedding());
  }
}

package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import io.facet.models.RecipeException;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;

/**
 * Brings student embeddings to the teacher's width: nothing when the widths agree, else a trained
 * linear map {@code x W} without bias, dropped at inference.
 */
public final class EmbeddingAdapter extends Layer {
  private final Weight matrix;

  /**
   * An adapter between two widths.
   *
   * @param method key of the method, for the message
   * @param allowed whether the recipe allows a map
   * @throws RecipeException if the widths differ and no map is allowed
   */
  public EmbeddingAdapter(String method, int from, int to, boolean allowed) {
    if (from != to && !allowed) {
      throw new RecipeException(
          "method '%s': the student's embedding has width %d, the teacher's %d; set adapter: true or choose equal widths"
              .formatted(method, from, to));
    }
    matrix =
        from == to ? null : matrix("weight", Initialiser.normal(1 / Math.sqrt(from)), from, to);
  }

  /** From the student's width to the teacher's; see {@link #EmbeddingAdapter}. */
  public static EmbeddingAdapter of(String method, MethodSetup setup, boolean allowed) {
    return new EmbeddingAdapter(
        method, setup.studentEmbedding(), setup.teacherEmbedding(), allowed);
  }

  /** Maps {@code (B, from)} to {@code (B, to)}. */
  public NDArray forward(NDArray embeddings) {
    return matrix == null ? embeddings : embeddings.matMul(matrix.array());
  }
}

package io.facet.models.train.teacher;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.CropRows;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The teacher's part in training: cached arrays or a live network. */
public interface TeacherOutputs {
  /**
   * Puts the teacher on a device, where its outputs then are.
   *
   * @param precision of its forward passes; outputs are float32
   */
  void to(Device device, ForwardPrecision precision);

  /** Width of the teacher's embedding. */
  int embeddingSize();

  /** Shapes of its taps without the batch axis, prompt tokens included. */
  Map<String, Shape> taps();

  /** How many of the last tokens of its token taps are prompts. */
  int promptTokens();

  /** How a live teacher wants its crops; empty: it needs none. */
  Optional<Preprocessing> preprocessing();

  /** Prompts that are trained with the student; empty: the teacher is constant. */
  Optional<PromptSet> trainedPrompts();

  /**
   * What it keeps of every crop, for the batches to bring along; empty: nothing.
   *
   * @param taps that are read of it beside the embedding
   */
  default Optional<CropRows> cached(Set<String> taps) {
    return Optional.empty();
  }

  /**
   * The teacher's outputs for a batch, owned by the scope; without gradients unless prompts are
   * trained.
   */
  Features outputs(TensorScope scope, TeacherBatch batch);

  /**
   * From now on its blocks run a second time in the backward pass, if derivatives pass through
   * them.
   *
   * @return whether they do
   */
  default boolean recomputeBlocks() {
    return false;
  }

  /** Alarms raised since the last call by kind, such as teacher drift. */
  default Map<String, String> alarms() {
    return Map.of();
  }
}

package io.facet.models.train;

import ai.djl.engine.EngineException;
import io.facet.models.RecipeException;

/** What to do when a GPU has no room for a step. */
final class DeviceMemory {
  private DeviceMemory() {}

  /** The error with its cure if it tells of a lack of memory, else the error itself. */
  static RuntimeException explained(EngineException e, long step, TrainingSetup setup) {
    if (e.getMessage() == null || !e.getMessage().contains("out of memory")) {
      return e;
    }
    int batch = setup.options().batchSize();
    return new RecipeException(
        "step %d: the memory of %s does not hold a batch of %d; set batchSize: %d and accumulate: %d for the same step in smaller pieces, recompute: blocks, or precision: bf16"
            .formatted(
                step,
                setup.device(),
                batch,
                Math.max(1, batch / 2),
                2 * setup.options().accumulate()),
        e);
  }
}

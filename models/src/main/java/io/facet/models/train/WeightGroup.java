package io.facet.models.train;

import io.facet.models.tensor.Layer;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.schedule.LearningRate;

/**
 * Weights that share an optimiser and a course of the learning rate.
 *
 * @param name part of the checkpoint: {@code student}, {@code head}, {@code adapters}, {@code
 *     prompts}
 */
record WeightGroup(String name, Layer layer, OptimiserSession optimiser, LearningRate rate)
    implements AutoCloseable {

  void step(Gradients gradients, long step) {
    optimiser.step(gradients, rate.at(step));
  }

  @Override
  public void close() {
    optimiser.close();
  }
}

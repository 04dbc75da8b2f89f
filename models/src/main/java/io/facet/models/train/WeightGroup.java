package io.facet.models.train;

import io.facet.models.tensor.Layer;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.schedule.LearningRate;

/**
 * Weights that share an optimiser and a course of the learning rate.
 *
 * @param part what they are
 */
record WeightGroup(TrainedPart part, Layer layer, OptimiserSession optimiser, LearningRate rate)
    implements AutoCloseable {

  /** Its part of a checkpoint. */
  String name() {
    return part.group();
  }

  /** The gradients after a backward pass. */
  Gradients gradients() {
    return new Gradients(layer.weights().values());
  }

  void step(Gradients gradients, long step) {
    optimiser.step(gradients, rate.at(step));
  }

  @Override
  public void close() {
    optimiser.close();
  }
}

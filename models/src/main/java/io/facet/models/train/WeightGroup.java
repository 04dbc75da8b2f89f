package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Layer;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.schedule.LearningRate;
import java.util.Map;
import java.util.Set;

/**
 * Weights that share an optimiser and a course of the learning rate.
 *
 * @param part what they are
 * @param elsewhere names of weights that are taken from a table before each step, with their
 *     moments; nobody saves them here
 */
record WeightGroup(
    TrainedPart part,
    Layer layer,
    OptimiserSession optimiser,
    LearningRate rate,
    Set<String> elsewhere)
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

  /** Weights by name. */
  Map<String, float[]> weights() {
    return layer.save(name -> !elsewhere.contains(name));
  }

  /** The optimiser's state. */
  Map<String, float[]> moments() {
    return optimiser.save(name -> !elsewhere.contains(name));
  }

  /** Takes back what {@link #weights} and {@link #moments} gave. */
  void restore(NDManager manager, Map<String, float[]> weights, Map<String, float[]> moments) {
    Map<String, float[]> allWeights = layer.save(elsewhere::contains);
    allWeights.putAll(weights);
    layer.load(manager, allWeights);
    Map<String, float[]> allMoments = optimiser.save(elsewhere::contains);
    allMoments.putAll(moments);
    optimiser.load(allMoments);
  }

  @Override
  public void close() {
    optimiser.close();
  }
}

package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDManager;
import io.facet.models.option.Extension;
import io.facet.models.tensor.Weight;
import java.util.Map;

/** A rule that turns gradients into updates: {@code sgd}, {@code adamw}. */
public interface Optimiser<O extends Record> extends Extension<O> {
  /**
   * A session for one training run.
   *
   * @param manager lives as long as the run; the session's state belongs to it
   * @param weights by full name; only those that are trainable now are updated
   * @param weightDecay applies to {@link Weight.Kind#MATRIX} only
   */
  OptimiserSession open(
      O options, NDManager manager, Map<String, Weight> weights, double weightDecay);
}

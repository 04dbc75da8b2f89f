package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of one step, in place of the weights' own: changing them changes what the optimiser
 * sees. They belong to the step's scope, since the weights are lent to it.
 */
public final class Gradients {
  private final Map<Weight, NDArray> arrays = new IdentityHashMap<>();
  private final List<NDArray> ordered;

  /** Gradients of the trainable ones of these weights after a backward pass. */
  public Gradients(Collection<Weight> weights) {
    ordered =
        weights.stream()
            .filter(Weight::trainable)
            .map(weight -> arrays.computeIfAbsent(weight, Weight::gradient))
            .toList();
  }

  /** Whether no weight is trainable. */
  public boolean isEmpty() {
    return ordered.isEmpty();
  }

  /** The norm over all of them, a scalar; there must be some. */
  public NDArray norm() {
    return clip(List.of(this), Double.MAX_VALUE);
  }

  /**
   * Scales the gradients of several parts by {@code min(1, maximum / (norm + 1e-6))}.
   *
   * @param parts at least one that is not empty
   * @return the norm over all of them before, a scalar, NaN or infinite if one of them is
   */
  public static NDArray clip(List<Gradients> parts, double maximum) {
    return TorchOps.clipNorm(
        parts.stream().flatMap(part -> part.ordered.stream()).toList(), maximum);
  }

  List<NDArray> of(List<Weight> weights) {
    return weights.stream()
        .map(weight -> java.util.Objects.requireNonNull(arrays.get(weight)))
        .toList();
  }
}

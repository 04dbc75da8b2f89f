package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import io.facet.models.train.optimiser.Gradients;
import java.util.Map;

/**
 * The gradients of one step.
 *
 * @param parts of each trained part, clipped where wanted
 * @param norms of each, before clipping, scalars
 */
record StepGradients(Map<TrainedPart, Gradients> parts, Map<TrainedPart, NDArray> norms) {
  Gradients of(TrainedPart part) {
    return parts.get(part);
  }
}

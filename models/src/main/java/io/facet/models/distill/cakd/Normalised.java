package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.TorchOps;

/** Normalisations without weights. */
final class Normalised {
  private static final double SMALLEST_VARIANCE = 1e-12;
  private static final double LAYER_EPSILON = 1e-5;
  private static final double BATCH_EPSILON = 1e-6;

  private Normalised() {}

  /**
   * LayerNorm: mean 0 and variance 1 along the last axis. A row whose values are all alike has no
   * such form: it gives zeros and takes no gradient.
   */
  static NDArray layer(NDArray x) {
    int last = x.getShape().dimension() - 1;
    NDArray variance = TorchOps.variance(x, last);
    NDArray usable = variance.gt(SMALLEST_VARIANCE).toType(x.getDataType(), false);
    NDArray centred = x.sub(x.mean(new int[] {last}, true));
    return centred.mul(usable).div(variance.add(LAYER_EPSILON).sqrt());
  }

  /**
   * Mean 0 and variance 1 over the batch, axis 0, each element for itself: what all faces share is
   * gone, and a smaller spread is not a smaller difference.
   */
  static NDArray batch(NDArray x) {
    NDArray centred = x.sub(x.mean(new int[] {0}, true));
    return centred.div(TorchOps.variance(x, 0).add(BATCH_EPSILON).sqrt());
  }
}

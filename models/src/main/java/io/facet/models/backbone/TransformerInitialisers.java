package io.facet.models.backbone;

import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Linear;

/** Start values common to transformers: truncated normal of deviation 0.02, biases 0. */
final class TransformerInitialisers {
  static final Initialiser WEIGHT = Initialiser.truncatedNormal(0.02);
  static final Initialiser BIAS = Initialiser.constant(0);

  private TransformerInitialisers() {}

  static Linear linear(int in, int out) {
    return new Linear(in, out, WEIGHT, BIAS);
  }

  static Linear linear(int in, int out, boolean withBias) {
    return new Linear(in, out, WEIGHT, withBias ? BIAS : null);
  }

  static Linear linearWithoutBias(int in, int out) {
    return new Linear(in, out, WEIGHT, null);
  }
}

package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Linear;
import java.util.function.UnaryOperator;

/** Two linear maps with an activation between them, on the last axis. */
final class Mlp extends Layer {
  private final Linear first;
  private final Linear second;
  private final UnaryOperator<NDArray> activation;

  Mlp(int width, int hidden, UnaryOperator<NDArray> activation) {
    first = child("fc1", TransformerInitialisers.linear(width, hidden));
    second = child("fc2", TransformerInitialisers.linear(hidden, width));
    this.activation = activation;
  }

  NDArray forward(NDArray x) {
    return Chain.from(x).then(first::forward).then(activation).then(second::forward).end();
  }
}

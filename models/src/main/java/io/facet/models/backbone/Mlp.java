package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;

/** Two linear maps with an activation between them, on the last axis. */
final class Mlp extends Layer {
  private final Linear first;
  private final Linear second;
  private final MlpActivation activation;

  Mlp(int width, int hidden, MlpActivation activation) {
    first = child("fc1", TransformerInitialisers.linear(width, hidden));
    second = child("fc2", TransformerInitialisers.linear(hidden, width));
    this.activation = activation;
  }

  /** Adds the layers, from the normalisation on. */
  void addTo(LayerSequence steps, LayerNormalisation norm) {
    steps.then(norm).then(first);
    activation.addTo(steps);
    steps.then(second);
  }

  String writeTo(OnnxGraph graph, String x) {
    OnnxTokens tokens = new OnnxTokens(graph);
    String hidden = activation.writeTo(tokens, tokens.linear(x, first));
    return tokens.linear(hidden, second);
  }
}

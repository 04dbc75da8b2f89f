package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.Weight;
import java.util.List;

/**
 * Attention between channels instead of tokens (XCiT, El-Nouby et al. 2021): with q, k, v as {@code
 * (channels of a head, N)} and rows of q and k normalised to length 1, softmax(temperature q k^T)
 * v.
 */
final class CrossCovarianceAttention extends Layer {
  private final int width;
  private final int heads;
  private final Weight temperature;
  private final Linear qkv;
  private final Linear projection;

  CrossCovarianceAttention(int width, int heads) {
    this.width = width;
    this.heads = heads;
    temperature = vector("temperature", Initialiser.constant(1), heads, 1, 1);
    qkv = child("qkv", TransformerInitialisers.linear(width, 3 * width));
    projection = child("proj", TransformerInitialisers.linear(width, width));
  }

  /** Adds the layers, {@code (B, N, C)} to {@code (B, N, C)}. */
  void addTo(LayerSequence steps) {
    steps.then(qkv).channelAttention(heads, temperature).then(projection);
  }

  String writeTo(OnnxGraph graph, String x) {
    OnnxTokens tokens = new OnnxTokens(graph);
    String all = tokens.reshape(tokens.linear(x, qkv), 0, -1, 3, heads, width / heads);
    String parts = tokens.transpose(all, 2, 0, 3, 4, 1);
    String keys = tokens.transpose(tokens.unit(tokens.part(parts, 1)), 0, 1, 3, 2);
    String product = graph.node("MatMul", List.of(tokens.unit(tokens.part(parts, 0)), keys));
    String attended = tokens.weighted(tokens.multiply(product, temperature), tokens.part(parts, 2));
    String joined = tokens.reshape(tokens.transpose(attended, 0, 3, 1, 2), 0, 0, width);
    return tokens.linear(joined, projection);
  }
}

package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;

/** Multi-head self-attention over tokens, {@code (B, N, C)} to {@code (B, N, C)}. */
final class SelfAttention extends Attention {
  private final int width;
  private final int heads;
  private final Linear qkv;
  private final Linear projection;

  SelfAttention(int width, int heads, boolean withBias) {
    this.width = width;
    this.heads = heads;
    qkv = child("qkv", TransformerInitialisers.linear(width, 3 * width, withBias));
    projection = child("proj", TransformerInitialisers.linear(width, width));
  }

  @Override
  void addTo(LayerSequence steps, LayerNormalisation norm, NDArray tokens) {
    steps.then(norm).then(qkv).attention(heads).then(projection);
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    OnnxTokens tokens = new OnnxTokens(graph);
    int headWidth = width / heads;
    String all = tokens.reshape(tokens.linear(x, qkv), 0, -1, 3, heads, headWidth);
    String parts = tokens.transpose(all, 2, 0, 3, 1, 4);
    String keys = tokens.transpose(tokens.part(parts, 1), 0, 1, 3, 2);
    String attended =
        tokens.attention(tokens.part(parts, 0), keys, tokens.part(parts, 2), headWidth, null);
    String joined = tokens.reshape(tokens.transpose(attended, 0, 2, 1, 3), 0, 0, width);
    return tokens.linear(joined, projection);
  }
}

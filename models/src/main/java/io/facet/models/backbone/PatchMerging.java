package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.NewArray;

/** Joins 2x2 tokens of a square grid and maps them to twice the width (Liu et al. 2021, Swin). */
final class PatchMerging extends Layer {
  /** Row and column within the four, in the order of the joined channels. */
  private static final int[][] ORDER = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};

  private final int width;
  private final long[] order;
  private final LayerNormalisation norm;
  private final Linear reduction;

  /**
   * @param width C of the tokens
   * @param side of the grid, even
   */
  PatchMerging(int width, int side, double epsilon) {
    this.width = width;
    int half = side / 2;
    order = new long[side * side];
    for (int i = 0; i < order.length; i++) {
      int[] place = ORDER[i % 4];
      int row = 2 * (i / 4 / half) + place[0];
      int column = 2 * (i / 4 % half) + place[1];
      order[i] = (long) row * side + column;
    }
    norm = child("norm", new LayerNormalisation(4 * width, epsilon));
    reduction = child("reduction", TransformerInitialisers.linearWithoutBias(4 * width, 2 * width));
  }

  /** {@code (B, side^2, C)} to {@code (B, side^2 / 4, 2 C)}. */
  NDArray forward(NDArray tokens) {
    return new LayerSequence(false)
        .choose(NewArray.of(tokens, order))
        .reshape(order.length / 4, 4 * width)
        .then(norm)
        .then(reduction)
        .run(tokens);
  }

  String writeTo(OnnxGraph graph, String x) {
    OnnxTokens tokens = new OnnxTokens(graph);
    String index = graph.index("merging." + order.length, order);
    String joined = tokens.reshape(tokens.choose(x, index, 1), 0, -1, 4L * width);
    return tokens.linear(graph.layerNormalisation(joined, norm), reduction);
  }
}

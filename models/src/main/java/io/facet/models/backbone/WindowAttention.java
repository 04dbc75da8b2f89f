package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Weight;

/**
 * Swin's attention: each token sees the tokens of its window and all prompts of its sample. Prompts
 * stand behind the grid's tokens; each window works with a copy of them, and the copies' outputs
 * are averaged. Pairs with a prompt have no position bias and are never masked.
 */
final class WindowAttention extends Attention {
  private final int width;
  private final int heads;
  private final int side;
  private final int window;
  private final int shift;
  private final Linear qkv;
  private final Linear projection;
  private final Weight positionBias;

  /** The layout of the last number of prompts; replaced as a whole. */
  private volatile WindowLayout layout;

  /**
   * @param side of the token grid, a multiple of the window
   * @param shift of the grid, in tokens; 0 for none
   */
  WindowAttention(int width, int heads, int side, int window, int shift, boolean withBias) {
    this.width = width;
    this.heads = heads;
    this.side = side;
    this.window = window;
    this.shift = shift;
    positionBias =
        vector(
            "relative_position_bias_table",
            TransformerInitialisers.WEIGHT,
            WindowLayout.tableRows(window),
            heads);
    qkv = child("qkv", TransformerInitialisers.linear(width, 3 * width, withBias));
    projection = child("proj", TransformerInitialisers.linear(width, width));
    layout = WindowLayout.of(side, window, shift, 0);
  }

  /** {@code (B, side^2 + t, C)} to the same shape; the last t tokens are prompts. */
  @Override
  void addTo(LayerSequence steps, LayerNormalisation norm, NDArray tokens) {
    WindowLayout now = layout(Math.toIntExact(tokens.getShape().get(1)) - side * side);
    Shape pairs = new Shape(now.windows(), 1, now.size(), now.size());
    steps
        .then(norm)
        .choose(NewArray.of(tokens, now.gather()))
        .then(qkv)
        .windowAttention(
            heads,
            now.windows(),
            positionBias,
            NewArray.of(tokens, now.positions()),
            now.mask() == null ? null : NewArray.of(tokens, now.mask(), pairs))
        .mergeWindows(now.windows(), window * window, NewArray.of(tokens, now.scatter()))
        .then(projection);
  }

  private WindowLayout layout(int prompts) {
    WindowLayout known = layout;
    if (known.size() != window * window + prompts) {
      known = WindowLayout.of(side, window, shift, prompts);
      layout = known;
    }
    return known;
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    OnnxTokens tokens = new OnnxTokens(graph);
    WindowLayout now = layout(0);
    String name = "windows.%d.%d.%d.".formatted(side, window, shift);
    int headWidth = width / heads;
    String windows = tokens.choose(x, graph.index(name + "gather", now.gather()), 1);
    String parts =
        tokens.transpose(
            tokens.reshape(
                tokens.linear(windows, qkv), 0, now.windows(), now.size(), 3, heads, headWidth),
            3,
            0,
            1,
            4,
            2,
            5);
    String keys = tokens.transpose(tokens.part(parts, 1), 0, 1, 2, 4, 3);
    String attended =
        tokens.attention(
            tokens.part(parts, 0),
            keys,
            tokens.part(parts, 2),
            headWidth,
            bias(graph, tokens, now, name));
    String joined = tokens.reshape(tokens.transpose(attended, 0, 1, 3, 2, 4), 0, -1, width);
    String grid = tokens.choose(joined, graph.index(name + "scatter", now.scatter()), 1);
    return tokens.linear(grid, projection);
  }

  /** Position bias and mask, {@code (windows or 1, heads, n, n)}. */
  private String bias(OnnxGraph graph, OnnxTokens tokens, WindowLayout now, String name) {
    String rows =
        tokens.choose(
            graph.weight(positionBias), graph.index(name + "positions", now.positions()), 0);
    int size = now.size();
    String perHead = tokens.reshape(tokens.transpose(rows, 1, 0), 1, heads, size, size);
    return now.mask() == null
        ? perHead
        : graph.add(
            perHead, graph.numbers(name + "mask", now.mask(), now.windows(), 1, size, size));
  }
}

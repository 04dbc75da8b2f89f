package io.facet.models.onnx;

import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.Weight;
import java.util.List;

/** Pieces of transformers as ONNX nodes; tokens are {@code (B, N, C)}. */
public final class OnnxTokens {
  private final OnnxGraph graph;

  public OnnxTokens(OnnxGraph graph) {
    this.graph = graph;
  }

  /** A linear layer on the last axis. */
  public String linear(String x, Linear layer) {
    String transposed = transpose(graph.weight(layer.weight()), 1, 0);
    String product = graph.node("MatMul", List.of(x, transposed));
    return layer.bias() == null ? product : graph.add(product, graph.weight(layer.bias()));
  }

  /** x Phi(x) by the error function. */
  public String gelu(String x) {
    String error = graph.node("Erf", List.of(multiply(x, number(Math.sqrt(0.5)))));
    return multiply(multiply(x, number(0.5)), graph.add(error, number(1)));
  }

  /** min(max(x, 0), 6). */
  public String relu6(String x) {
    return graph.node("Clip", List.of(x, number(0), number(6)));
  }

  public String transpose(String x, long... order) {
    return graph.node("Transpose", List.of(x), OnnxGraph.integers("perm", order));
  }

  /** Another shape; 0 keeps the side of that axis, -1 takes what is left. */
  public String reshape(String x, long... shape) {
    return graph.node("Reshape", List.of(x, graph.integers(shape)));
  }

  /** The slice of axis 0 at an index; the axis goes. */
  public String part(String x, long index) {
    return graph.node("Gather", List.of(x, graph.scalar(index)), OnnxGraph.integer("axis", 0));
  }

  /** Slices along an axis, in the order of an index of {@link OnnxGraph#index}. */
  public String choose(String x, String index, int axis) {
    return graph.node("Gather", List.of(x, index), OnnxGraph.integer("axis", axis));
  }

  /** From one place up to another along an axis. */
  public String slice(String x, int axis, long from, long to) {
    return graph.node(
        "Slice", List.of(x, graph.integers(from), graph.integers(to), graph.integers(axis)));
  }

  public String multiply(String a, String b) {
    return graph.node("Mul", List.of(a, b));
  }

  /** The product with a weight that fits the last axes. */
  public String multiply(String x, Weight weight) {
    return multiply(x, graph.weight(weight));
  }

  /** A single number. */
  public String number(double value) {
    return graph.numbers("number" + value, new float[] {(float) value});
  }

  /**
   * softmax(q k^T / sqrt(d) + bias) v over the last two axes.
   *
   * @param keysTransposed the keys with their last two axes exchanged
   * @param bias null for none
   */
  public String attention(
      String queries, String keysTransposed, String values, int headWidth, String bias) {
    String scores =
        multiply(
            graph.node("MatMul", List.of(queries, keysTransposed)),
            number(1 / Math.sqrt(headWidth)));
    return weighted(bias == null ? scores : graph.add(scores, bias), values);
  }

  /** softmax(scores) v over the last two axes. */
  public String weighted(String scores, String values) {
    String shares = graph.node("Softmax", List.of(scores), OnnxGraph.integer("axis", -1));
    return graph.node("MatMul", List.of(shares, values));
  }

  /** Rows of the last axis divided by their length. */
  public String unit(String x) {
    String length =
        graph.node(
            "ReduceL2",
            List.of(x),
            OnnxGraph.integers("axes", -1),
            OnnxGraph.integer("keepdims", 1));
    return graph.node("Div", List.of(x, graph.node("Max", List.of(length, number(1e-12)))));
  }

  /** Mean over the tokens, {@code (B, C)}. */
  public String mean(String tokens) {
    return graph.node(
        "ReduceMean",
        List.of(tokens),
        OnnxGraph.integers("axes", 1),
        OnnxGraph.integer("keepdims", 0));
  }

  /** Maps {@code (B, C, H, W)} as tokens. */
  public String tokens(String maps) {
    return transpose(reshape(maps, 0, 0, -1), 0, 2, 1);
  }

  /** Normalises over the channels of each place of {@code (B, C, H, W)}. */
  public String normalise(String maps, LayerNormalisation norm) {
    String last = transpose(maps, 0, 2, 3, 1);
    return transpose(graph.layerNormalisation(last, norm), 0, 3, 1, 2);
  }
}

package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Static quantisation to 8 bits: convolutions, linear layers, products with a matrix of weights,
 * and additions read and write whole numbers, marked by pairs of {@code QuantizeLinear} and {@code
 * DequantizeLinear}, which runtimes join with the operator between. Weights are symmetric int8 with
 * a scale for each output channel, biases int32, activations uint8 with one scale and zero point
 * for each value. All other operators, and what gives the embedding, compute in float32.
 */
public final class Quantisation {
  private static final int LEAST_OPERATOR_SET = 13;

  private final GraphEdit graph;
  private final QuantisedPlaces places;
  private final String file;

  private Quantisation(GraphEdit graph, String file) {
    this.graph = graph;
    this.places = new QuantisedPlaces(graph);
    this.file = file;
  }

  /**
   * What a value was seen to hold.
   *
   * @param low at most this, not above 0 in effect
   * @param high at least this, not below 0 in effect
   */
  public record Range(float low, float high) {
    private static final int LEVELS = 255;

    /** Distance of two neighbours of the 256 numbers that stand for the range. */
    public float scale() {
      float width = Math.max(0, high) - Math.min(0, low);
      return width == 0 ? 1 : width / LEVELS;
    }

    /** Which of them, from 0 to 255, stands for 0. */
    public int zero() {
      return Math.round(-Math.min(0, low) / scale());
    }
  }

  /** Largest whole number of a weight with that many bits; the smallest is its negative. */
  static int largestWeight(int bits) {
    return (1 << (bits - 1)) - 1;
  }

  /**
   * A model that can be quantised.
   *
   * @param model with batch normalisation folded, see {@link BatchNormFolding}
   * @param file for error messages
   * @throws DataException if its operator set is too old, or no operator of it can be quantised
   */
  public static Quantisation of(ModelProto model, String file) {
    long operators =
        model.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty())
            .mapToLong(OperatorSetIdProto::getVersion)
            .findFirst()
            .orElse(0);
    if (operators < LEAST_OPERATOR_SET) {
      throw new DataException(
          "%s has operator set %d; int8 needs %d or newer, so export it again with a newer one"
              .formatted(file, operators, LEAST_OPERATOR_SET));
    }
    Quantisation quantisation = new Quantisation(new GraphEdit(model, file), file);
    if (quantisation.places.values().isEmpty()) {
      Map<String, Integer> kinds = new TreeMap<>();
      model
          .getGraph()
          .getNodeList()
          .forEach(node -> kinds.merge(node.getOpType(), 1, Integer::sum));
      throw new DataException(
          "%s has no convolution or linear layer with float32 weights that int8 could compute; its operators are %s"
              .formatted(file, kinds));
    }
    return quantisation;
  }

  /** Values whose ranges are needed, in order of computation. */
  public List<String> values() {
    return places.values();
  }

  /**
   * The quantised model, with the ranges that its training learnt.
   *
   * @throws DataException if they are another model's
   */
  public ModelProto quantised(LearntRanges learnt) {
    return quantised(learnt.ranges(values(), file), learnt.weightBits());
  }

  /**
   * The quantised model.
   *
   * @param ranges of all {@link #values}
   * @param weightBits 7, or 8 for processors on which sums of 8-bit products do not overflow (ARM,
   *     x86-64 with VNNI)
   */
  public ModelProto quantised(Map<String, Range> ranges, int weightBits) {
    int largest = largestWeight(weightBits);
    Map<String, Float> scales = new LinkedHashMap<>();
    List<NodeProto> nodes = new ArrayList<>();
    for (String input : graph.inputs()) {
      mark(input, ranges, scales, nodes);
    }
    for (NodeProto node : graph.nodes()) {
      nodes.add(places.isUnit(node) ? unit(node, scales, largest, nodes) : plain(node, scales));
      node.getOutputList().forEach(output -> mark(output, ranges, scales, nodes));
    }
    graph.replace(nodes);
    return graph.build();
  }

  static String dequantised(String value) {
    return value + ".dequantised";
  }

  /** Puts the pair behind a value that has a range. */
  private void mark(
      String value, Map<String, Range> ranges, Map<String, Float> scales, List<NodeProto> nodes) {
    Range range = ranges.get(value);
    if (range == null) {
      return;
    }
    if (!Float.isFinite(range.scale())) {
      throw new DataException(
          "%s: value '%s' is not finite for a calibration image; the model cannot be quantised"
              .formatted(file, value));
    }
    float scale = range.scale();
    byte zero = (byte) range.zero();
    String scaleName = graph.put(value + ".scale", new float[] {scale});
    String zeroName =
        graph.put(value + ".zero", TensorProto.DataType.UINT8, ByteBuffer.wrap(new byte[] {zero}));
    String quantised = value + ".quantised";
    nodes.add(GraphEdit.node("QuantizeLinear", quantised, List.of(value, scaleName, zeroName)));
    nodes.add(
        GraphEdit.node(
            "DequantizeLinear", dequantised(value), List.of(quantised, scaleName, zeroName)));
    scales.put(value, scale);
  }

  /** An operator in float32 reads the quantised value only where an operator in int8 made it. */
  private NodeProto plain(NodeProto node, Map<String, Float> scales) {
    NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      String input = node.getInput(i);
      if (scales.containsKey(input) && places.isMadeByUnit(input)) {
        changed.setInput(i, dequantised(input));
      }
    }
    return changed.build();
  }

  private NodeProto unit(
      NodeProto node, Map<String, Float> scales, int largest, List<NodeProto> nodes) {
    NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      if (scales.containsKey(node.getInput(i))) {
        changed.setInput(i, dequantised(node.getInput(i)));
      }
    }
    if (!node.getOpType().equals("Add")) {
      float[] weightScales = weights(node, largest, changed, nodes);
      if (node.getInputCount() > 2) {
        bias(node, weightScales, scales.get(node.getInput(0)), changed, nodes);
      }
    }
    return changed.build();
  }

  /** The weights in int8, one scale for each output channel. */
  private float[] weights(
      NodeProto node, int largest, NodeProto.Builder changed, List<NodeProto> nodes) {
    String name = node.getInput(1);
    float[] values = graph.floats(name);
    long[] shape = graph.shape(name);
    int axis = node.getOpType().equals("MatMul") ? 1 : 0;
    int channels = (int) shape[axis];
    int row = values.length / channels;
    float[] scales = new float[channels];
    for (int i = 0; i < values.length; i++) {
      int channel = axis == 0 ? i / row : i % channels;
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / largest);
    }
    byte[] whole = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      float scale = scales[axis == 0 ? i / row : i % channels];
      whole[i] = (byte) Math.max(-largest, Math.min(largest, Math.round(values[i] / scale)));
    }
    for (int channel = 0; channel < channels; channel++) {
      scales[channel] = scales[channel] > 0 ? scales[channel] : 1;
    }
    String base = node.getOutput(0) + ".weight";
    String int8 =
        graph.put(base + ".int8", TensorProto.DataType.INT8, ByteBuffer.wrap(whole), shape);
    String zero =
        graph.put(
            base + ".zero", TensorProto.DataType.INT8, ByteBuffer.allocate(channels), channels);
    changed.setInput(1, constant(base, int8, scales, zero, axis, nodes));
    return scales;
  }

  /** The bias in int32, in units of the products. */
  private void bias(
      NodeProto node,
      float[] weightScales,
      float inputScale,
      NodeProto.Builder changed,
      List<NodeProto> nodes) {
    float[] values = graph.floats(node.getInput(2));
    float[] scales = new float[values.length];
    int[] whole = new int[values.length];
    for (int channel = 0; channel < values.length; channel++) {
      scales[channel] = inputScale * weightScales[channel];
      whole[channel] = Math.round(values[channel] / scales[channel]);
    }
    String base = node.getOutput(0) + ".bias";
    String zero = graph.put(base + ".zero", new int[values.length], values.length);
    String int32 = graph.put(base + ".int32", whole, whole.length);
    changed.setInput(2, constant(base, int32, scales, zero, 0, nodes));
  }

  private String constant(
      String base, String whole, float[] scales, String zero, int axis, List<NodeProto> nodes) {
    String scale = graph.put(base + ".scale", scales, scales.length);
    nodes.add(
        GraphEdit.node(
            "DequantizeLinear",
            dequantised(base),
            Arrays.asList(whole, scale, zero),
            OnnxGraph.integer("axis", axis)));
    return dequantised(base);
  }
}

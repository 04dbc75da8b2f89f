package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Batch normalisation {@code g (y - m) / sqrt(v + e) + b} behind a convolution or a linear layer
 * {@code y = W x + c} becomes part of it: {@code W' = s W}, {@code c' = s (c - m) + b} with {@code
 * s = g / sqrt(v + e)}, in double precision. One that stands elsewhere stays.
 */
public final class BatchNormFolding {
  private static final float EPSILON = 1e-5f;

  private final GraphEdit graph;
  private final Map<String, NodeProto> makers = new HashMap<>();

  private BatchNormFolding(GraphEdit graph) {
    this.graph = graph;
    graph.nodes().forEach(node -> makers.put(node.getOutput(0), node));
  }

  /**
   * A layer and the normalisation that becomes part of it.
   *
   * @param layer convolution or linear layer
   * @param norm the normalisation behind it, by whose result the folded layer is known
   */
  record Fold(NodeProto layer, NodeProto norm) {
    String weight() {
      return norm.getOutput(0) + ".weight";
    }

    String bias() {
      return norm.getOutput(0) + ".bias";
    }

    /** The number e that is added to the variance. */
    float epsilon() {
      return GraphEdit.attribute(norm, "epsilon").map(AttributeProto::getF).orElse(EPSILON);
    }
  }

  /**
   * The same model with what can be folded folded.
   *
   * @param file for error messages
   */
  public static ModelProto fold(ModelProto model, String file) {
    GraphEdit graph = new GraphEdit(model, file);
    fold(graph);
    return graph.build();
  }

  /** Folds what can be folded and says what that was. */
  static List<Fold> fold(GraphEdit graph) {
    return new BatchNormFolding(graph).fold();
  }

  private List<Fold> fold() {
    List<Fold> folds = new ArrayList<>();
    Map<String, NodeProto> changed = new HashMap<>();
    Set<String> gone = new HashSet<>();
    for (NodeProto node : graph.nodes()) {
      if (node.getOpType().equals("BatchNormalization")) {
        layer(node)
            .ifPresent(
                layer -> {
                  Fold fold = new Fold(layer, node);
                  folds.add(fold);
                  changed.put(layer.getOutput(0), folded(fold));
                  gone.add(node.getOutput(0));
                });
      }
    }
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (!gone.contains(node.getOutput(0))) {
        nodes.add(changed.getOrDefault(node.getOutput(0), node));
      }
    }
    graph.replace(nodes);
    return folds;
  }

  /** The layer before a normalisation, if nothing else reads what it makes. */
  private Optional<NodeProto> layer(NodeProto norm) {
    String value = norm.getInput(0);
    NodeProto layer = makers.get(value);
    boolean constant =
        norm.getInputList().stream().skip(1).allMatch(graph::isConstant)
            && norm.getOutputCount() == 1;
    return layer != null && constant && graph.onlyReader(value).isPresent() && canFold(layer)
        ? Optional.of(layer)
        : Optional.empty();
  }

  private boolean canFold(NodeProto layer) {
    boolean weights = layer.getInputList().stream().skip(1).allMatch(graph::isConstant);
    return weights
        && (layer.getOpType().equals("Conv")
            || (layer.getOpType().equals("Gemm") && isPlainLinear(layer)));
  }

  /** {@code x W^T + c} with the rows of {@code W} as outputs. */
  static boolean isPlainLinear(NodeProto gemm) {
    return GraphEdit.attribute(gemm, "transB").map(AttributeProto::getI).orElse(0L) == 1
        && GraphEdit.attribute(gemm, "transA").map(AttributeProto::getI).orElse(0L) == 0
        && GraphEdit.attribute(gemm, "alpha").map(AttributeProto::getF).orElse(1f) == 1f
        && GraphEdit.attribute(gemm, "beta").map(AttributeProto::getF).orElse(1f) == 1f;
  }

  private NodeProto folded(Fold fold) {
    NodeProto layer = fold.layer();
    NodeProto norm = fold.norm();
    float[] gain = graph.floats(norm.getInput(1));
    float[] shift = graph.floats(norm.getInput(2));
    float[] mean = graph.floats(norm.getInput(3));
    float[] variance = graph.floats(norm.getInput(4));
    float epsilon = fold.epsilon();
    float[] weight = graph.floats(layer.getInput(1));
    float[] bias =
        layer.getInputCount() > 2 ? graph.floats(layer.getInput(2)) : new float[gain.length];
    float[] newWeight = new float[weight.length];
    float[] newBias = new float[gain.length];
    int row = weight.length / gain.length;
    for (int channel = 0; channel < gain.length; channel++) {
      double scale = gain[channel] / Math.sqrt((double) variance[channel] + epsilon);
      newBias[channel] =
          (float) (((double) bias[channel] - mean[channel]) * scale + shift[channel]);
      for (int i = channel * row; i < (channel + 1) * row; i++) {
        newWeight[i] = (float) (weight[i] * scale);
      }
    }
    return layer.toBuilder()
        .clearInput()
        .clearOutput()
        .addAllInput(
            Arrays.asList(
                layer.getInput(0),
                graph.put(fold.weight(), newWeight, graph.shape(layer.getInput(1))),
                graph.put(fold.bias(), newBias, newBias.length)))
        .addOutput(norm.getOutput(0))
        .build();
  }
}

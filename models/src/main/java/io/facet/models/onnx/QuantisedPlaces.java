package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a graph with batch normalisation folded is quantised: which operators compute in whole
 * numbers, and which values have a range. The export and the training that imitates it both ask
 * here.
 */
final class QuantisedPlaces {
  private static final Set<String> SHAPES =
      Set.of("Flatten", "Reshape", "Squeeze", "Identity", "BatchNormalization", "LpNormalization");
  private static final Set<String> CLIPS = Set.of("Relu", "Clip");

  private final GraphEdit graph;

  /** Operators by the value they make, after an activation that is only a limit. */
  private final Map<String, NodeProto> units = new LinkedHashMap<>();

  private final List<String> values;

  QuantisedPlaces(GraphEdit graph) {
    this.graph = graph;
    for (NodeProto node : graph.nodes()) {
      if (couldBeUnit(node)) {
        units.put(made(node), node);
      }
    }
    values = valuesOfUnits();
  }

  /** Values whose ranges are needed, in order of computation. */
  List<String> values() {
    return values;
  }

  private List<String> valuesOfUnits() {
    Set<String> found = new LinkedHashSet<>();
    units.forEach(
        (output, node) -> {
          found.addAll(activations(node));
          if (!leadsOut(output)) {
            found.add(output);
          }
        });
    return List.copyOf(found);
  }

  /** Whether an operator computes in whole numbers. */
  boolean isUnit(NodeProto node) {
    return units.containsValue(node);
  }

  /**
   * Whether an operator in float32 reads a value that has a range in its quantised form: only where
   * an operator in whole numbers made it.
   */
  boolean isMadeByUnit(String value) {
    return units.containsKey(value);
  }

  private boolean couldBeUnit(NodeProto node) {
    return switch (node.getOpType()) {
      case "Conv" -> hasWeights(node);
      case "Gemm" -> hasWeights(node) && BatchNormFolding.isPlainLinear(node);
      case "MatMul" -> hasWeights(node) && graph.shape(node.getInput(1)).length == 2;
      case "Add" -> node.getInputList().stream().noneMatch(graph::isConstant);
      default -> false;
    };
  }

  private boolean hasWeights(NodeProto node) {
    return node.getInputList().stream()
        .skip(1)
        .allMatch(input -> graph.isConstant(input) && graph.isFloat(input));
  }

  /** A unit's result: that of the limit behind it, if nothing else reads its own. */
  private String made(NodeProto unit) {
    String own = unit.getOutput(0);
    return graph
        .onlyReader(own)
        .filter(reader -> CLIPS.contains(reader.getOpType()))
        .map(reader -> reader.getOutput(0))
        .orElse(own);
  }

  private List<String> activations(NodeProto unit) {
    return unit.getInputList().stream().filter(input -> !graph.isConstant(input)).toList();
  }

  /** Whether a value is the embedding, but for its shape and scale. */
  private boolean leadsOut(String value) {
    if (graph.isOutput(value)) {
      return true;
    }
    Optional<NodeProto> reader =
        graph.onlyReader(value).filter(node -> SHAPES.contains(node.getOpType()));
    return reader.isPresent() && leadsOut(reader.get().getOutput(0));
  }
}

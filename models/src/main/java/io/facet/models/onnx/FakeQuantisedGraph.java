package io.facet.models.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.core.Linear;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.facet.models.RecipeException;
import io.facet.models.onnx.BatchNormFolding.Fold;
import io.facet.models.onnx.Quantisation.Range;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.FakeQuantisation;
import io.facet.models.tensor.TorchOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Computes on PyTorch, with gradients, what the int8 export of a graph computes: the graph is that
 * of the export, batch normalisation folded with its running statistics, and each value, weight and
 * bias that is a whole number there is rounded to what that number stands for. Rounding passes
 * gradients on as they are, and none to numbers beyond the range (Jacob et al. 2018, section 3).
 */
public final class FakeQuantisedGraph {
  private static final Set<String> OPERATORS =
      Set.of("Conv", "Gemm", "Add", "BatchNormalization", "Relu", "PRelu", "Flatten");

  private final GraphEdit graph;
  private final QuantisedPlaces places;
  private final int largestWeight;
  private final Map<String, Fold> folds = new HashMap<>();

  /** How often each value, or its quantised form, is read. */
  private final Map<String, Integer> reads = new HashMap<>();

  /** Names of results that are other values unchanged. */
  private final Map<String, String> aliases = new HashMap<>();

  /**
   * @param model a float32 graph of {@link OnnxGraph}, of convolutions, linear layers, batch
   *     normalisation, additions and activations
   * @param weightBits of a weight, 7 or 8
   * @throws RecipeException if the graph has other operators
   */
  public FakeQuantisedGraph(ModelProto model, int weightBits) {
    graph = new GraphEdit(model, "the network");
    refuseOthers();
    for (Fold fold : BatchNormFolding.fold(graph)) {
      folds.put(fold.weight(), fold);
      folds.put(fold.bias(), fold);
    }
    places = new QuantisedPlaces(graph);
    largestWeight = Quantisation.largestWeight(weightBits);
    for (NodeProto node : graph.nodes()) {
      if (node.getOpType().equals("Identity")) {
        aliases.put(node.getOutput(0), node.getInput(0));
      } else {
        operands(node).forEach(value -> reads.merge(value, 1, Integer::sum));
      }
    }
  }

  private void refuseOthers() {
    Set<String> others = new TreeSet<>();
    for (NodeProto node : graph.nodes()) {
      boolean covered =
          switch (node.getOpType()) {
            case "Clip" -> isRelu6(node);
            case "Identity" -> graph.isOutput(node.getOutput(0));
            default -> OPERATORS.contains(node.getOpType());
          };
      if (!covered) {
        others.add(node.getOpType());
      }
    }
    if (!others.isEmpty()) {
      throw new RecipeException(
          "distill.quantisation: the student has operators that cannot be trained so (%s); choose another, or remove it"
              .formatted(String.join(", ", others)));
    }
  }

  private boolean isRelu6(NodeProto clip) {
    return clip.getInputCount() == 3
        && clip.getInputList().stream().skip(1).allMatch(graph::isConstant)
        && graph.floats(clip.getInput(1))[0] == 0
        && graph.floats(clip.getInput(2))[0] == 6;
  }

  /** Values whose ranges are needed, in order of computation. */
  public List<String> values() {
    return places.values();
  }

  /** Gives a value its range, from what it holds now if need be. */
  @FunctionalInterface
  public interface Ranges {
    Range of(String value, NDArray numbers);
  }

  /**
   * Runs the graph.
   *
   * @param images {@code (B, 3, H, W)}; the caller keeps them
   * @param weights the network's arrays by full name, null for other names
   * @param wanted names of the values to give back
   * @return these values; those that whole numbers stand for are rounded
   */
  public Map<String, NDArray> run(
      NDArray images, Function<String, NDArray> weights, Ranges ranges, Set<String> wanted) {
    return new Pass(weights, ranges, wanted).run(images);
  }

  /** What an operator reads: values, in their quantised form where that is meant. */
  private List<String> operands(NodeProto node) {
    List<String> operands = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (!graph.isConstant(input)) {
        boolean whole = places.isUnit(node) || places.isMadeByUnit(input);
        operands.add(
            whole && places.values().contains(input) ? Quantisation.dequantised(input) : input);
      }
    }
    return operands;
  }

  /** The name under which a float32 reader finds a value. */
  private String shown(String value) {
    String own = aliases.getOrDefault(value, value);
    return places.isMadeByUnit(own) && places.values().contains(own)
        ? Quantisation.dequantised(own)
        : own;
  }

  /** One forward pass. */
  private final class Pass {
    private final Function<String, NDArray> weights;
    private final Ranges ranges;
    private final Map<String, NDArray> held = new HashMap<>();
    private final Map<String, Float> scales = new HashMap<>();
    private final Map<String, NDArray> factors = new HashMap<>();
    private final Map<String, Integer> left = new HashMap<>(reads);
    private final Map<String, String> kept = new LinkedHashMap<>();
    private NDManager step;

    Pass(Function<String, NDArray> weights, Ranges ranges, Set<String> wanted) {
      this.weights = weights;
      this.ranges = ranges;
      for (String value : wanted) {
        kept.put(value, shown(value));
        left.merge(shown(value), 1, Integer::sum);
      }
    }

    Map<String, NDArray> run(NDArray images) {
      step = images.getManager();
      String input = graph.inputs().get(0);
      left.merge(input, 1, Integer::sum); // the caller's
      put(input, images);
      for (NodeProto node : graph.nodes()) {
        if (!node.getOpType().equals("Identity")) {
          List<String> operands = operands(node);
          put(node.getOutput(0), compute(node, operands));
          operands.forEach(this::free);
        }
      }
      Map<String, NDArray> results = new LinkedHashMap<>();
      kept.forEach((name, value) -> results.put(name, held.get(value)));
      return results;
    }

    private void put(String value, NDArray numbers) {
      held.put(value, numbers);
      if (places.values().contains(value)) {
        Range range = ranges.of(value, numbers);
        scales.put(value, range.scale());
        held.put(
            Quantisation.dequantised(value),
            FakeQuantisation.activations(numbers, range.scale(), range.zero()));
      }
      if (!left.containsKey(value)) {
        held.remove(value).close();
      }
    }

    private void free(String operand) {
      if (left.merge(operand, -1, Integer::sum) == 0) {
        held.remove(operand).close();
      }
    }

    private NDArray compute(NodeProto node, List<String> operands) {
      NDArray x = held.get(operands.get(0));
      return switch (node.getOpType()) {
        case "Conv", "Gemm" -> layer(node, x);
        case "Add" -> x.add(held.get(operands.get(1)));
        case "BatchNormalization" -> normalise(node, x);
        case "Relu" -> TorchOps.relu(x);
        case "Clip" -> TorchOps.relu6(x);
        case "PRelu" -> TorchOps.prelu(x, constant(node.getInput(1)));
        case "Flatten" -> x.reshape(x.getShape().get(0), -1);
        default -> throw new IllegalStateException("no gradient of " + node.getOpType());
      };
    }

    private NDArray normalise(NodeProto node, NDArray x) {
      return TorchOps.batchNormalise(
          x,
          constant(node.getInput(1)),
          constant(node.getInput(2)),
          constant(node.getInput(3)),
          constant(node.getInput(4)),
          false,
          0,
          new Fold(node, node).epsilon());
    }

    private NDArray layer(NodeProto node, NDArray x) {
      NDArray kernel = constant(node.getInput(1));
      NDArray bias = node.getInputCount() > 2 ? constant(node.getInput(2)) : null;
      if (places.isUnit(node)) {
        NDArray steps = FakeQuantisation.weightScales(kernel, largestWeight);
        kernel = FakeQuantisation.rows(kernel, steps, largestWeight);
        if (bias != null) {
          NDArray products = steps.mul(scales.get(node.getInput(0)));
          bias = FakeQuantisation.rows(bias, products, Integer.MAX_VALUE);
        }
      }
      return node.getOpType().equals("Gemm")
          ? Linear.linear(x, kernel, bias).head()
          : Convolution.of(
              x, kernel, bias, first(node, "strides"), first(node, "pads"), groups(node));
    }

    private NDArray constant(String name) {
      Fold fold = folds.get(name);
      if (fold != null) {
        NDArray factor =
            factors.computeIfAbsent(
                fold.norm().getOutput(0),
                norm ->
                    FakeQuantisation.foldFactor(
                        constant(fold.norm().getInput(1)),
                        constant(fold.norm().getInput(4)),
                        fold.epsilon()));
        return name.equals(fold.weight())
            ? FakeQuantisation.foldWeight(constant(fold.layer().getInput(1)), factor)
            : foldedBias(fold, factor);
      }
      NDArray weight = weights.apply(name);
      return weight == null ? step.create(graph.floats(name)) : weight;
    }

    private NDArray foldedBias(Fold fold, NDArray factor) {
      NDArray mean = constant(fold.norm().getInput(3));
      NDArray bias =
          fold.layer().getInputCount() > 2 ? constant(fold.layer().getInput(2)) : mean.zerosLike();
      return FakeQuantisation.foldBias(bias, mean, factor, constant(fold.norm().getInput(2)));
    }
  }

  private static int groups(NodeProto convolution) {
    return GraphEdit.attribute(convolution, "group")
        .map(AttributeProto::getI)
        .orElse(1L)
        .intValue();
  }

  private static int first(NodeProto node, String attribute) {
    return (int) GraphEdit.attribute(node, attribute).orElseThrow().getInts(0);
  }
}

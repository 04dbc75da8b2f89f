package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.List;

/** What is done around a network, put into its graph. */
public final class GraphSteps {
  private static final long LEFTMOST = Long.MIN_VALUE + 1;

  private GraphSteps() {}

  /**
   * The sum of the embeddings of an image and of its mirror image, computed in one pass over {@code
   * (2 B, 3, H, W)}.
   *
   * @param file for error messages
   * @throws DataException if the model takes a fixed number of images at once
   */
  public static ModelProto withFlipFusion(ModelProto model, String file) {
    GraphEdit graph = new GraphEdit(model, file);
    String input = single(graph.inputs(), file, "inputs");
    requireFreeBatch(model, input, file);
    String output = output(model, file);
    String both = input + ".both";
    List<NodeProto> nodes = new ArrayList<>();
    nodes.add(
        GraphEdit.node(
            "Slice",
            input + ".mirrored",
            List.of(
                input,
                index(graph, "flip.start", -1),
                index(graph, "flip.end", LEFTMOST),
                index(graph, "flip.axis", 3),
                index(graph, "flip.step", -1))));
    nodes.add(
        GraphEdit.node(
            "Concat", both, List.of(input, input + ".mirrored"), OnnxGraph.integer("axis", 0)));
    nodes.addAll(renamed(graph, input, both, output, output + ".both"));
    nodes.add(
        NodeProto.newBuilder()
            .setOpType("Split")
            .setName("Split/" + output)
            .addInput(output + ".both")
            .addOutput(output + ".straight")
            .addOutput(output + ".mirrored")
            .addAttribute(OnnxGraph.integer("axis", 0))
            .build());
    nodes.add(GraphEdit.node("Add", output, List.of(output + ".straight", output + ".mirrored")));
    graph.replace(nodes);
    return graph.build();
  }

  private static void requireFreeBatch(ModelProto model, String input, String file) {
    for (ValueInfoProto value : model.getGraph().getInputList()) {
      TensorShapeProto shape = value.getType().getTensorType().getShape();
      if (value.getName().equals(input)
          && shape.getDimCount() > 0
          && shape.getDim(0).hasDimValue()) {
        throw new DataException(
            "%s takes %d image(s) at once, no more and no fewer, so that the mirror image cannot be added in its graph; export the model with a free batch size (dynamic_axes), or leave flip fusion to who uses the file"
                .formatted(file, shape.getDim(0).getDimValue()));
      }
    }
  }

  /** Embeddings of length 1. */
  public static ModelProto withNormalisation(ModelProto model, String file) {
    GraphEdit graph = new GraphEdit(model, file);
    String output = output(model, file);
    List<NodeProto> nodes = new ArrayList<>(renamed(graph, "", "", output, output + ".raw"));
    nodes.add(
        GraphEdit.node(
            "LpNormalization",
            output,
            List.of(output + ".raw"),
            OnnxGraph.integer("axis", 1),
            OnnxGraph.integer("p", 2)));
    graph.replace(nodes);
    return graph.build();
  }

  private static String index(GraphEdit graph, String name, long value) {
    return graph.put(name, new long[] {value});
  }

  private static String output(ModelProto model, String file) {
    return single(
        model.getGraph().getOutputList().stream().map(one -> one.getName()).toList(),
        file,
        "outputs");
  }

  private static String single(List<String> names, String file, String what) {
    if (names.size() != 1) {
      throw new DataException(
          "%s has the %s %s; this needs a model with one".formatted(file, what, names));
    }
    return names.get(0);
  }

  private static List<NodeProto> renamed(
      GraphEdit graph, String input, String newInput, String output, String newOutput) {
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      NodeProto.Builder changed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        String name = node.getInput(i);
        changed.setInput(
            i,
            name.equals(output)
                ? newOutput
                : name.equals(input) && !input.isEmpty() ? newInput : name);
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        changed.setOutput(i, node.getOutput(i).equals(output) ? newOutput : node.getOutput(i));
      }
      nodes.add(changed.build());
    }
    return nodes;
  }
}

package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.platform.Fp16Conversions;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model that computes in float16 and stores its weights so; images and embeddings stay float32.
 * Where a runtime has no float16 form of an operator, as ONNX Runtime on x86-64 processors, it
 * converts before and after, which is slower than float32.
 */
public final class HalfPrecision {
  private static final float LARGEST = 65_504;

  private HalfPrecision() {}

  /**
   * The same model in float16.
   *
   * @param file for error messages
   * @throws DataException if a weight is beyond float16's range, or a value is converted inside
   */
  public static ModelProto of(ModelProto model, String file) {
    GraphEdit graph = new GraphEdit(model, file);
    graph.floatConstants().forEach(name -> narrow(graph, name, file));
    List<NodeProto> nodes = new ArrayList<>();
    for (String input : graph.inputs()) {
      nodes.add(cast(input, half(input), TensorProto.DataType.FLOAT16));
    }
    for (NodeProto node : graph.nodes()) {
      if (node.getOpType().equals("Cast") || node.getOpType().equals("Resize")) {
        throw new DataException(
            "%s: node '%s' (%s) fixes the type of its values; there is no float16 form of this model"
                .formatted(file, node.getName(), node.getOpType()));
      }
      NodeProto.Builder changed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        if (graph.inputs().contains(node.getInput(i))) {
          changed.setInput(i, half(node.getInput(i)));
        }
      }
      Optional<String> output = node.getOutputList().stream().filter(graph::isOutput).findFirst();
      if (output.isPresent()) {
        changed.setOutput(node.getOutputList().indexOf(output.get()), half(output.get()));
      }
      nodes.add(changed.build());
      output.ifPresent(name -> nodes.add(cast(half(name), name, TensorProto.DataType.FLOAT)));
    }
    graph.replace(nodes);
    return graph.build();
  }

  private static String half(String value) {
    return value + ".half";
  }

  private static NodeProto cast(String from, String to, TensorProto.DataType type) {
    return GraphEdit.node("Cast", to, List.of(from), OnnxGraph.integer("to", type.getNumber()));
  }

  private static void narrow(GraphEdit graph, String name, String file) {
    float[] values = graph.floats(name);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (!(Math.abs(value) <= LARGEST)) {
        throw new DataException(
            "%s: tensor '%s' holds %s, beyond float16's 65504; there is no float16 form of this model"
                .formatted(file, name, value));
      }
      bytes.putShort(Fp16Conversions.floatToFp16(value));
    }
    graph.put(name, TensorProto.DataType.FLOAT16, bytes, graph.shape(name));
  }
}

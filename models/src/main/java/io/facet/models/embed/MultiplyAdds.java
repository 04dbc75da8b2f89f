package io.facet.models.embed;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.facet.models.OnnxRuntime;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxInput;
import io.facet.models.onnx.OnnxProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Multiplications with an addition that a model does for one image in convolutions, linear layers
 * and products of matrices; half of what is called FLOPs. Shapes are those of a run over zeros.
 */
public final class MultiplyAdds {
  private static final Set<String> KINDS = Set.of("Conv", "Gemm", "MatMul");

  private MultiplyAdds() {}

  /**
   * Counts them.
   *
   * @param program an ONNX model
   * @param file its name, for error messages
   * @return empty if its values are not float32, as of a quantised model: count its original
   * @throws io.facet.models.DataException if it is not an ONNX model
   */
  public static OptionalLong of(byte[] program, String file, Preprocessing preprocessing) {
    ModelProto model = OnnxProgram.parse(program, file);
    List<NodeProto> nodes =
        model.getGraph().getNodeList().stream()
            .filter(node -> KINDS.contains(node.getOpType()))
            .toList();
    Map<String, long[]> shapes = new HashMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      shapes.put(
          tensor.getName(), tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    }
    try {
      shapes.putAll(ran(showing(model, nodes, shapes.keySet()), file, preprocessing));
    } catch (OrtException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(nodes.stream().mapToLong(node -> count(node, shapes)).sum());
  }

  private static long count(NodeProto node, Map<String, long[]> shapes) {
    long outputs = product(shapes.get(node.getOutput(0)));
    long[] weights = shapes.get(node.getInput(1));
    return switch (node.getOpType()) {
      case "Conv" -> outputs * (product(weights) / weights[0]);
      case "Gemm" -> outputs * product(weights) / shapes.get(node.getOutput(0))[1];
      default -> {
        long[] left = shapes.get(node.getInput(0));
        yield outputs * left[left.length - 1];
      }
    };
  }

  private static long product(long[] sides) {
    return Arrays.stream(sides).reduce(1, Math::multiplyExact);
  }

  /** The model with what these nodes read and make as its outputs. */
  private static ModelProto showing(
      ModelProto model, List<NodeProto> nodes, Set<String> constants) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    Set<String> shown = new LinkedHashSet<>();
    for (NodeProto node : nodes) {
      shown.add(node.getOutput(0));
      node.getInputList().stream().limit(2).forEach(shown::add);
    }
    shown.removeAll(constants);
    graph.getInputList().forEach(input -> shown.remove(input.getName()));
    graph.getOutputList().forEach(output -> shown.remove(output.getName()));
    shown.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return model.toBuilder().setGraph(graph).build();
  }

  private static Map<String, long[]> ran(ModelProto model, String file, Preprocessing contract)
      throws OrtException {
    Map<String, long[]> shapes = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session =
            OnnxRuntime.environment().createSession(model.toByteArray(), options)) {
      OnnxInput input = OnnxInput.of(session, file);
      long batch = Math.max(1, input.shape()[0]);
      long[] shape = {batch, 3, contract.height(), contract.width()};
      FloatBuffer zeros =
          ByteBuffer.allocateDirect((int) batch * CropTensor.size(contract) * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      shapes.put(input.name(), shape);
      try (OnnxTensor tensor = input.tensor(zeros, shape);
          OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
        for (Map.Entry<String, OnnxValue> value : result) {
          if (value.getValue().getInfo() instanceof TensorInfo info) {
            shapes.put(value.getKey(), info.getShape());
          }
        }
      }
    }
    return shapes;
  }
}

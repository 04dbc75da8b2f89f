package io.facet.models.quantise;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.facet.models.OnnxRuntime;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What ONNX Runtime computes for the values of an int8 model that operators in int8 make. */
final class ExportedValues {
  private static final String DEQUANTISED = ".dequantised";

  private final Map<String, float[]> numbers = new LinkedHashMap<>();

  private ExportedValues() {}

  static ExportedValues of(byte[] program, float[] images, int batch) throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(program).toBuilder();
    TypeProto floats =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()))
            .build();
    List<String> made = new ArrayList<>();
    List<NodeProto> nodes = model.getGraph().getNodeList();
    nodes.stream()
        .filter(node -> List.of("Conv", "Add", "Clip", "Relu").contains(node.getOpType()))
        .forEach(node -> made.add(node.getOutput(0)));
    ExportedValues values = new ExportedValues();
    for (NodeProto node : nodes) {
      String name = node.getOutput(0);
      String value = name.endsWith(DEQUANTISED) ? name.replace(DEQUANTISED, "") : "";
      if (made.contains(value)) {
        model
            .getGraphBuilder()
            .addOutput(ValueInfoProto.newBuilder().setName(name).setType(floats));
        values.numbers.put(value, null);
      }
    }
    values.numbers.put("embedding", null);
    long[] shape = {batch, 3, 112, 112};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session =
            OnnxRuntime.environment().createSession(model.build().toByteArray(), options);
        OnnxTensor input =
            OnnxTensor.createTensor(OnnxRuntime.environment(), FloatBuffer.wrap(images), shape);
        OrtSession.Result result = session.run(Map.of("images", input))) {
      for (Map.Entry<String, float[]> entry : values.numbers.entrySet()) {
        String own = entry.getKey();
        String name = own.equals("embedding") ? own : own + DEQUANTISED;
        OnnxTensor tensor = (OnnxTensor) result.get(name).orElseThrow();
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        entry.setValue(copy);
      }
    }
    return values;
  }

  /** Names of the values in order of computation, the embedding last. */
  List<String> names() {
    return List.copyOf(numbers.keySet());
  }

  float[] numbers(String value) {
    return numbers.get(value);
  }
}

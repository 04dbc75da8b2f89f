package io.facet.models.embed;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * An ONNX model that embeds an image as the means of its three channels and their sum: output
 * {@code embedding} of width 4.
 */
final class TinyOnnx {
  private static final float[] MATRIX = {1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1};

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");

  /** Takes images of that type in the shape {@code (N, 3, 112, 112)}. */
  static TinyOnnx of(TensorProto.DataType type) {
    return of(type, 3, 112, 112);
  }

  /** Takes images of that type and those sides. */
  static TinyOnnx of(TensorProto.DataType type, long... sides) {
    TinyOnnx tiny = new TinyOnnx();
    tiny.graph.addInput(value("images", type, true, sides));
    tiny.node("Cast", "images", "numbers")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(TensorProto.DataType.FLOAT.getNumber()));
    tiny.node("GlobalAveragePool", "numbers", "pooled");
    tiny.node("Flatten", "pooled", "means");
    tiny.node("MatMul", "means", "embedding").addInput("matrix");
    tiny.graph.addInitializer(
        TensorProto.newBuilder()
            .setName("matrix")
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(List.of(sides[0], 4L))
            .setRawData(ByteString.copyFrom(Arrays.copyOf(matrix(), 16 * (int) sides[0]))));
    return tiny;
  }

  /** Embeds an image as the means of its channels. */
  static TinyOnnx withoutWeights() {
    TinyOnnx tiny = new TinyOnnx();
    tiny.graph.addInput(value("images", TensorProto.DataType.FLOAT, true, 3, 112, 112));
    tiny.node("GlobalAveragePool", "images", "pooled");
    tiny.node("Flatten", "pooled", "embedding");
    return tiny.output("embedding", TensorProto.DataType.FLOAT, 3);
  }

  static byte[] matrix() {
    ByteBuffer bytes = ByteBuffer.allocate(4 * MATRIX.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(MATRIX);
    return bytes.array();
  }

  /** Keeps the matrix in another file. */
  TinyOnnx external(String location, long offset, long length) {
    graph
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Long.toString(length)));
    return this;
  }

  /** One more operation. */
  NodeProto.Builder node(String operation, String from, String to) {
    return graph.addNodeBuilder().setOpType(operation).addInput(from).addOutput(to);
  }

  /** An output {@code (N, sides)} of that type. */
  TinyOnnx output(String name, TensorProto.DataType type, long... sides) {
    graph.addOutput(value(name, type, true, sides));
    return this;
  }

  /** An output of float32 whose shape the model does not say. */
  TinyOnnx openOutput(String name) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, false));
    return this;
  }

  /** The usual output. */
  TinyOnnx embedding() {
    return output("embedding", TensorProto.DataType.FLOAT, 4);
  }

  byte[] bytes() {
    return bytes(13);
  }

  byte[] bytes(int operatorSet) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static ValueInfoProto value(
      String name, TensorProto.DataType type, boolean shaped, long... sides) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
    if (shaped) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      shape.addDimBuilder().setDimParam("N");
      for (long side : sides) {
        shape.addDimBuilder().setDimValue(side);
      }
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}

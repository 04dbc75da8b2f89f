package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An ONNX model that is being changed: its nodes in order, its constants by name, and who makes and
 * reads each value. Constant nodes and transposed matrices of weights become initialisers.
 */
final class GraphEdit {
  private final ModelProto model;
  private final String file;
  private final Map<String, TensorProto> constants = new LinkedHashMap<>();
  private List<NodeProto> nodes = new ArrayList<>();
  private Map<String, List<NodeProto>> readers = Map.of();

  /**
   * @param file for error messages
   * @throws DataException if the graph branches by conditions or loops
   */
  GraphEdit(ModelProto model, String file) {
    this.model = model;
    this.file = file;
    model.getGraph().getInitializerList().forEach(one -> constants.put(one.getName(), one));
    for (NodeProto node : model.getGraph().getNodeList()) {
      Optional<TensorProto> constant = constant(node);
      if (constant.isPresent()) {
        constants.put(node.getOutput(0), constant.get());
      } else if (node.getAttributeList().stream().anyMatch(AttributeProto::hasG)) {
        throw new DataException(
            "%s: node '%s' (%s) has a graph of its own; export the model without control flow"
                .formatted(file, node.getName(), node.getOpType()));
      } else if (isTransposedMatrix(node)) {
        transpose(node.getInput(0), node.getOutput(0));
      } else {
        nodes.add(node);
      }
    }
    link();
  }

  private boolean isTransposedMatrix(NodeProto node) {
    return node.getOpType().equals("Transpose")
        && isConstant(node.getInput(0))
        && isFloat(node.getInput(0))
        && shape(node.getInput(0)).length == 2
        && attribute(node, "perm").map(one -> one.getInts(0) == 1).orElse(true);
  }

  private void transpose(String matrix, String transposed) {
    float[] values = floats(matrix);
    int rows = (int) shape(matrix)[0];
    int columns = (int) shape(matrix)[1];
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % columns * rows + i / columns] = values[i];
    }
    put(transposed, turned, columns, rows);
  }

  private static Optional<TensorProto> constant(NodeProto node) {
    return node.getOpType().equals("Constant")
        ? attribute(node, "value").filter(AttributeProto::hasT).map(AttributeProto::getT)
        : Optional.empty();
  }

  static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(one -> one.getName().equals(name)).findFirst();
  }

  private void link() {
    readers = new HashMap<>();
    for (NodeProto node : nodes) {
      for (String input : Set.copyOf(node.getInputList())) {
        readers.computeIfAbsent(input, value -> new ArrayList<>()).add(node);
      }
    }
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  /** Takes these nodes, in order of computation, for those there were. */
  void replace(List<NodeProto> changed) {
    nodes = new ArrayList<>(changed);
    link();
  }

  List<NodeProto> readers(String value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The node that alone reads a value which is no output of the model. */
  Optional<NodeProto> onlyReader(String value) {
    return readers(value).size() == 1 && !isOutput(value)
        ? Optional.of(readers(value).get(0))
        : Optional.empty();
  }

  boolean isOutput(String value) {
    return model.getGraph().getOutputList().stream().anyMatch(one -> one.getName().equals(value));
  }

  boolean isConstant(String value) {
    return constants.containsKey(value);
  }

  /** Names of the values that come from outside. */
  List<String> inputs() {
    return model.getGraph().getInputList().stream()
        .map(ValueInfoProto::getName)
        .filter(name -> !constants.containsKey(name))
        .toList();
  }

  long[] shape(String constant) {
    return constants.get(constant).getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  boolean isFloat(String constant) {
    return constants.get(constant).getDataType() == TensorProto.DataType.FLOAT.getNumber();
  }

  /** Values of a float32 constant. */
  float[] floats(String constant) {
    TensorProto tensor = constants.get(constant);
    if (!isFloat(constant)) {
      throw new DataException(
          "%s: '%s' is no float32 tensor; start from the float32 model".formatted(file, constant));
    }
    if (!tensor.hasRawData()) {
      float[] values = new float[tensor.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getFloatData(i);
      }
      return values;
    }
    FloatBuffer raw =
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[raw.remaining()];
    raw.get(values);
    return values;
  }

  /** Names of all float32 constants. */
  List<String> floatConstants() {
    return constants.keySet().stream().filter(this::isFloat).toList();
  }

  String put(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return put(name, TensorProto.DataType.FLOAT, bytes, shape);
  }

  String put(String name, int[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return put(name, TensorProto.DataType.INT32, bytes, shape);
  }

  String put(String name, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return put(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  /** A constant of any type. */
  String put(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.array()));
    for (long side : shape) {
      tensor.addDims(side);
    }
    constants.put(name, tensor.build());
    return name;
  }

  /** A node of the standard operators with one result. */
  static NodeProto node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(operator + "/" + output)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** The model as it stands now; constants that nobody reads are left out. */
  ModelProto build() {
    GraphProto.Builder graph =
        model.getGraph().toBuilder().clearNode().clearInitializer().clearValueInfo();
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.getInputList()));
    model.getGraph().getOutputList().forEach(output -> read.add(output.getName()));
    constants.forEach(
        (name, tensor) -> {
          if (read.contains(name)) {
            graph.addInitializer(tensor.toBuilder().setName(name));
          }
        });
    return model.toBuilder().setGraph(graph.addAllNode(nodes)).build();
  }
}

package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import io.facet.models.tensor.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds an ONNX graph (operator set 17). Values are known by name; every method adds nodes and
 * returns the name of its result. Weights become initialisers under their own names.
 */
public final class OnnxGraph {
  private static final int OPERATOR_SET = 17;
  private static final int FORMAT_VERSION = 8;
  private static final String BATCH = "batch";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("facet");
  private final Map<Weight, String> names = new IdentityHashMap<>();
  private final Set<String> initialisers = new HashSet<>();
  private final Map<String, String> taps = new LinkedHashMap<>();
  private int nodes;

  /**
   * @param network whose weights the nodes read
   */
  public OnnxGraph(Layer network) {
    network.weights().forEach((name, weight) -> names.put(weight, name));
  }

  /** Says which value is a network's tap of that name. */
  public void tap(String name, String value) {
    taps.put(name, value);
  }

  /** The values that were named as taps, by the name of the tap. */
  public Map<String, String> taps() {
    return taps;
  }

  /** Any operator with one result. */
  public String node(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = operator + "_" + nodes++;
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  public static AttributeProto integer(String name, long value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder builder = attribute(name, AttributeProto.AttributeType.INTS);
    for (long value : values) {
      builder.addInts(value);
    }
    return builder.build();
  }

  public static AttributeProto number(String name, double value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF((float) value).build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** A weight as initialiser with its own shape. */
  public String weight(Weight weight) {
    return weight(weight, weight.shape().getShape());
  }

  /** A weight as initialiser, reshaped. */
  public String weight(Weight weight, long... shape) {
    return numbers(names.get(weight), HostArray.floats(weight.array()), shape);
  }

  /** Floats as initialiser under a name of their own. */
  public String numbers(String name, float[] values, long... shape) {
    if (initialisers.add(name)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      add(name, TensorProto.DataType.FLOAT, bytes, shape);
    }
    return name;
  }

  /** Integers as initialiser, such as a shape. */
  public String integers(long... values) {
    return index("integers" + Arrays.toString(values), values);
  }

  /** Integers as initialiser under a name of their own, such as an index. */
  public String index(String name, long[] values) {
    return wholeNumbers(name, values, values.length);
  }

  /** One whole number without axes. */
  public String scalar(long value) {
    return wholeNumbers("integer" + value, new long[] {value});
  }

  private String wholeNumbers(String name, long[] values, long... shape) {
    if (initialisers.add(name)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(values);
      add(name, TensorProto.DataType.INT64, bytes, shape);
    }
    return name;
  }

  private void add(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.array()));
    for (long side : shape) {
      tensor.addDims(side);
    }
    graph.addInitializer(tensor);
  }

  public String convolution(String x, Convolution layer) {
    long kernel = layer.weight().shape().get(2);
    long padding = layer.padding();
    List<String> inputs =
        layer.bias() == null
            ? List.of(x, weight(layer.weight()))
            : List.of(x, weight(layer.weight()), weight(layer.bias()));
    return node(
        "Conv",
        inputs,
        integers("kernel_shape", kernel, kernel),
        integers("strides", layer.stride(), layer.stride()),
        integers("pads", padding, padding, padding, padding),
        integer("group", layer.groups()));
  }

  public String batchNormalisation(String x, BatchNormalisation layer) {
    String mean = weight(layer.runningMean());
    int channels = (int) layer.runningMean().shape().size();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    String scale =
        layer.weight() == null ? numbers(mean + ".ones", ones, channels) : weight(layer.weight());
    String shift =
        layer.bias() == null
            ? numbers(mean + ".zeros", new float[channels], channels)
            : weight(layer.bias());
    return node(
        "BatchNormalization",
        List.of(x, scale, shift, mean, weight(layer.runningVariance())),
        number("epsilon", layer.epsilon()));
  }

  public String relu(String x) {
    return node("Relu", List.of(x));
  }

  /** Between 0 and 6. */
  public String relu6(String x) {
    return node(
        "Clip", List.of(x, numbers("zero", new float[] {0}), numbers("six", new float[] {6})));
  }

  public String prelu(String x, PRelu layer) {
    return node("PRelu", List.of(x, weight(layer.weight(), layer.weight().shape().size(), 1, 1)));
  }

  /** A linear layer on {@code (B, in)}. */
  public String linear(String x, Linear layer) {
    List<String> inputs =
        layer.bias() == null
            ? List.of(x, weight(layer.weight()))
            : List.of(x, weight(layer.weight()), weight(layer.bias()));
    return node("Gemm", inputs, integer("transB", 1));
  }

  public String layerNormalisation(String x, LayerNormalisation layer) {
    return node(
        "LayerNormalization",
        List.of(x, weight(layer.weight()), weight(layer.bias())),
        integer("axis", -1),
        number("epsilon", layer.epsilon()));
  }

  /** Maps enlarged by a factor, bilinear, pixel areas aligned. */
  public String resize(String x, double factor) {
    float side = (float) factor;
    String scales = numbers("scale" + factor, new float[] {1, 1, side, side}, 4);
    AttributeProto linear =
        attribute("mode", AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8("linear"))
            .build();
    return node("Resize", List.of(x, "", scales), linear);
  }

  public String add(String a, String b) {
    return node("Add", List.of(a, b));
  }

  /** {@code (B, ...)} to {@code (B, n)}. */
  public String flatten(String x) {
    return node("Flatten", List.of(x), integer("axis", 1));
  }

  /** A model of these nodes; input and output are declared with a free batch size. */
  public ModelProto.Builder build(
      String input, long[] inputShape, String from, String output, long width) {
    graph.addInput(value(input, inputShape));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(output)
            .addInput(from)
            .addOutput(output));
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT_VERSION)
        .setProducerName("facet")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph.addOutput(value(output, width)));
  }

  private static ValueInfoProto value(String name, long... shape) {
    TensorShapeProto.Builder sides =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    for (long side : shape) {
      sides.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(side));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(sides)))
        .build();
  }
}

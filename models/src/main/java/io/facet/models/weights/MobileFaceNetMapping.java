package io.facet.models.weights;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Network;
import io.facet.models.format.FloatTensor;
import io.facet.models.tensor.BatchNormalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public MobileFaceNets, translated to the names and the embedding head of ours. */
final class MobileFaceNetMapping {
  private static final Pattern XIAOCCER_BLOCK =
      Pattern.compile("blocks\\.(\\d+)\\.conv\\.(\\d)\\.(.*)");
  private static final List<String> XIAOCCER_PARTS =
      List.of(
          "conv.conv",
          "conv.bn",
          "conv.prelu",
          "conv_dw.conv",
          "conv_dw.bn",
          "conv_dw.prelu",
          "project.conv",
          "project.bn");
  private static final Pattern FOAMLIU_BLOCK =
      Pattern.compile("features\\.(\\d+)\\.conv\\.(0\\.0|0\\.1|1\\.0|1\\.1|2|3)\\.(.*)");
  private static final Map<String, String> FOAMLIU_PARTS =
      Map.of(
          "0.0",
          "conv.conv",
          "0.1",
          "conv.bn",
          "1.0",
          "conv_dw.conv",
          "1.1",
          "conv_dw.bn",
          "2",
          "project.conv",
          "3",
          "project.bn");
  private static final Map<String, String> XIAOCCER_LAYERS =
      Map.of(
          "conv1.", "conv1.",
          "dw_conv1.", "conv2_dw.",
          "conv2.", "conv_6_sep.",
          "linear7.", "output_layer.conv_6_dw.");
  private static final Map<String, String> FOAMLIU_LAYERS =
      Map.ofEntries(
          Map.entry("conv1.0.", "conv1.conv."),
          Map.entry("conv1.1.", "conv1.bn."),
          Map.entry("dw_conv.depthwise.", "conv2_dw.conv."),
          Map.entry("dw_conv.bn1.", "conv2_dw.bn."),
          Map.entry("dw_conv.pointwise.", "conv2_pw.conv."),
          Map.entry("dw_conv.bn2.", "conv2_pw.bn."),
          Map.entry("conv2.0.", "conv_6_sep.conv."),
          Map.entry("conv2.1.", "conv_6_sep.bn."),
          Map.entry("gdconv.depthwise.", "output_layer.conv_6_dw.conv."),
          Map.entry("gdconv.bn.", "output_layer.conv_6_dw.bn."));
  private static final String POOL = "output_layer.conv_6_dw.conv.weight";

  private MobileFaceNetMapping() {}

  /** All layers have a counterpart; the 7x6 pooling kernel is spread over 7x7. */
  static WarmStart.CheckpointMapping xiaoccer(Map<String, FloatTensor> given, Network network) {
    Map<String, FloatTensor> ours = new TreeMap<>();
    TreeSet<String> unused = new TreeSet<>();
    for (Map.Entry<String, FloatTensor> entry : given.entrySet()) {
      String name = entry.getKey();
      Matcher block = XIAOCCER_BLOCK.matcher(name);
      String target =
          block.matches()
              ? block(block.group(1))
                  + XIAOCCER_PARTS.get(Integer.parseInt(block.group(2)))
                  + "."
                  + block.group(3)
              : layer(name, XIAOCCER_LAYERS);
      place(name, target, entry.getValue(), ours, unused);
    }
    if (ours.containsKey(POOL) && ours.get(POOL).shape().getLastDimension() == 6) {
      ours.put(POOL, widened(ours.get(POOL)));
    }
    head(given, "linear1.conv.", "linear1.bn.", network, ours);
    unused.removeIf(name -> name.startsWith("linear1."));
    return new WarmStart.CheckpointMapping(ours, unused);
  }

  /**
   * Every layer has its counterpart in layout {@code relu6}.
   *
   * @throws DataException if the network has another layout
   */
  static WarmStart.CheckpointMapping foamliu(Map<String, FloatTensor> given, Network network) {
    if (given.containsKey("dw_conv.pointwise.weight")
        && !network.weights().containsKey("conv2_pw.conv.weight")) {
      throw new DataException(
          "these weights are of a MobileFaceNet with ReLU6 and one layer more; choose the network"
              + " {mobilefacenet: {layout: relu6, embedding: 128}}");
    }
    Map<String, FloatTensor> ours = new TreeMap<>();
    TreeSet<String> unused = new TreeSet<>();
    for (Map.Entry<String, FloatTensor> entry : given.entrySet()) {
      String name = entry.getKey();
      Matcher block = FOAMLIU_BLOCK.matcher(name);
      String target =
          block.matches()
              ? block(block.group(1)) + FOAMLIU_PARTS.get(block.group(2)) + "." + block.group(3)
              : layer(name, FOAMLIU_LAYERS);
      place(name, target, entry.getValue(), ours, unused);
    }
    head(given, "conv3.", "bn.", network, ours);
    unused.removeIf(name -> name.startsWith("conv3.") || name.startsWith("bn."));
    return new WarmStart.CheckpointMapping(ours, unused);
  }

  private static void place(
      String name,
      String target,
      FloatTensor tensor,
      Map<String, FloatTensor> ours,
      TreeSet<String> unused) {
    if (target == null) {
      unused.add(name);
    } else {
      ours.put(target, tensor);
    }
  }

  /** Our name, with a dot, of a bottleneck counted from 0 through all stages. */
  private static String block(String number) {
    int block = Integer.parseInt(number);
    if (block == 0) {
      return "conv_23.";
    } else if (block < 5) {
      return "conv_3.model." + (block - 1) + ".";
    } else if (block == 5) {
      return "conv_34.";
    } else if (block < 12) {
      return "conv_4.model." + (block - 6) + ".";
    }
    return block == 12 ? "conv_45." : "conv_5.model." + (block - 13) + ".";
  }

  private static String layer(String name, Map<String, String> layers) {
    for (Map.Entry<String, String> layer : layers.entrySet()) {
      if (name.startsWith(layer.getKey())) {
        return layer.getValue() + name.substring(layer.getKey().length());
      }
    }
    return null;
  }

  /**
   * A kernel for crops 96 pixels wide, for crops of 112: the columns of its feature map lie half
   * way between ours, so each weight goes in halves to the two neighbours.
   */
  private static FloatTensor widened(FloatTensor kernel) {
    long rows = kernel.shape().size() / 6;
    float[] values = new float[(int) rows * 7];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < 6; column++) {
        float half = kernel.values()[row * 6 + column] / 2;
        values[row * 7 + column] += half;
        values[row * 7 + column + 1] += half;
      }
    }
    long[] shape = kernel.shape().getShape().clone();
    shape[shape.length - 1] = 7;
    return FloatTensor.of(kernel.name(), new Shape(shape), values);
  }

  /**
   * The checkpoint's 1x1 convolution and batch normalisation as our linear map and normalisation.
   * Ours has no scale g and shift h; they are folded in so that inference gives the same: with s =
   * sqrt(variance + epsilon), g (W x + b - m) / s + h = (g W x - (g (m - b) - h s)) / s.
   */
  private static void head(
      Map<String, FloatTensor> given,
      String linear,
      String norm,
      Network network,
      Map<String, FloatTensor> ours) {
    FloatTensor weight = given.get(linear + "weight");
    List<FloatTensor> parts = norm(given, norm);
    int out = parts.isEmpty() ? 0 : parts.get(0).values().length;
    if (out == 0 || weight == null || weight.shape().size() % out != 0) {
      return;
    }
    int in = weight.values().length / out;
    FloatTensor bias = given.get(linear + "bias");
    float[] scale = parts.get(0).values();
    float[] shift = parts.get(1).values();
    float[] mean = parts.get(2).values().clone();
    FloatTensor variance = parts.get(3);
    float[] matrix = weight.values().clone();
    boolean affine = network.weights().containsKey("output_layer.bn.weight");
    for (int row = 0; row < out; row++) {
      mean[row] -= sized(bias, out) ? bias.values()[row] : 0;
      if (!affine) {
        double deviation = Math.sqrt(variance.values()[row] + BatchNormalisation.EPSILON);
        mean[row] = (float) (scale[row] * mean[row] - shift[row] * deviation);
        for (int column = 0; column < in; column++) {
          matrix[row * in + column] *= scale[row];
        }
      }
    }
    put(ours, "output_layer.linear.weight", new Shape(out, in), matrix);
    put(ours, "output_layer.bn.running_mean", new Shape(out), mean);
    put(ours, "output_layer.bn.running_var", new Shape(out), variance.values());
    if (affine) {
      put(ours, "output_layer.bn.weight", new Shape(out), scale);
      put(ours, "output_layer.bn.bias", new Shape(out), shift);
    }
  }

  /** Scale, shift, mean and variance of a batch normalisation; empty unless whole. */
  private static List<FloatTensor> norm(Map<String, FloatTensor> given, String prefix) {
    List<FloatTensor> parts = new ArrayList<>();
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      FloatTensor tensor = given.get(prefix + part);
      if (tensor == null || (!parts.isEmpty() && !sized(tensor, parts.get(0).values().length))) {
        return List.of();
      }
      parts.add(tensor);
    }
    return parts;
  }

  private static boolean sized(FloatTensor tensor, int count) {
    return tensor != null && tensor.values().length == count;
  }

  private static void put(Map<String, FloatTensor> ours, String name, Shape shape, float[] values) {
    ours.put(name, FloatTensor.of(name, shape, values));
  }
}

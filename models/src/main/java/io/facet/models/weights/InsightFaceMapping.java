package io.facet.models.weights;

import io.facet.models.backbone.MobileFaceNet;
import io.facet.models.backbone.Network;
import io.facet.models.format.FloatTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Networks of arcface_torch. Ours bear the same names, but for MobileFaceNet. */
final class InsightFaceMapping {
  /** Ours, in the order of the entries of {@code layers}. */
  private static final List<String> LAYERS =
      List.of("conv1", "conv2_dw", "conv_23", "conv_3", "conv_34", "conv_4", "conv_45", "conv_5");

  /** Parts of a unit: convolution, normalisation, activation. */
  private static final List<String> UNIT = List.of("conv", "bn", "prelu");

  /** Units of a bottleneck. */
  private static final List<String> BOTTLENECK = List.of("conv", "conv_dw", "project");

  private InsightFaceMapping() {}

  static WarmStart.CheckpointMapping of(Map<String, FloatTensor> given, Network network) {
    if (!(network instanceof MobileFaceNet)) {
      return new WarmStart.CheckpointMapping(given, new TreeSet<>());
    }
    Map<String, FloatTensor> ours = new TreeMap<>();
    TreeSet<String> unused = new TreeSet<>();
    given.forEach(
        (name, tensor) -> {
          String target = target(name);
          if (target == null) {
            unused.add(name);
          } else {
            ours.put(target, tensor);
          }
        });
    return new WarmStart.CheckpointMapping(ours, unused);
  }

  /** Our name of a tensor of MobileFaceNet, or null. */
  private static String target(String name) {
    String[] parts = name.split("\\.");
    try {
      return switch (parts[0]) {
        case "layers" -> LAYERS.get(Integer.parseInt(parts[1])) + inside(parts, 2);
        case "conv_sep" -> "conv_6_sep" + inside(parts, 1);
        case "features" ->
            switch (parts[2]) {
              case "0" -> "output_layer.conv_6_dw" + inside(parts, 3);
              case "2" -> "output_layer.linear." + parts[3];
              case "3" -> "output_layer.bn." + parts[3];
              default -> null;
            };
        default -> null;
      };
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      return null; // no name of this network
    }
  }

  /**
   * A unit is {@code layers.PART}, a bottleneck {@code layers.UNIT.layers.PART}, a stage of
   * bottlenecks {@code layers.BLOCK.layers.UNIT.layers.PART}, each followed by the weight's own
   * name.
   */
  private static String inside(String[] parts, int from) {
    String own = "." + parts[parts.length - 1];
    List<Integer> places = new ArrayList<>();
    for (int i = from; i + 2 < parts.length; i += 2) {
      places.add(Integer.parseInt(parts[i + 1]));
    }
    String part = "." + UNIT.get(places.get(places.size() - 1)) + own;
    return switch (places.size()) {
      case 1 -> part;
      case 2 -> "." + BOTTLENECK.get(places.get(0)) + part;
      case 3 -> ".model." + places.get(0) + "." + BOTTLENECK.get(places.get(1)) + part;
      default -> throw new IndexOutOfBoundsException("no layer of MobileFaceNet");
    };
  }
}

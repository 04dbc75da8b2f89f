package io.facet.models.weights;

import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.format.FloatTensor;
import io.facet.models.tensor.Weight;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks of timm. Ours bear the same names, but for details of Swin and ViT. */
final class TimmMapping {
  private static final String POSITIONS = "pos_embed";
  private static final String FIRST_MERGING = "layers.0.downsample.";
  private static final Pattern MERGING = Pattern.compile("layers\\.(\\d+)\\.downsample\\.(.*)");
  private static final String SWIN_NORM = "output_layer.0.";

  private TimmMapping() {}

  static WarmStart.CheckpointMapping of(Map<String, FloatTensor> given, Network network) {
    Map<String, Weight> wanted = network.weights();
    // timm once closed a stage with its patch merging, as we do, and now opens the next with it.
    boolean mergingOpens =
        given.keySet().stream().anyMatch(name -> MERGING.matcher(name).matches())
            && given.keySet().stream().noneMatch(name -> name.startsWith(FIRST_MERGING));
    Map<String, FloatTensor> ours = new TreeMap<>();
    given.forEach(
        (name, tensor) -> {
          Matcher merging = MERGING.matcher(name);
          if (mergingOpens && merging.matches()) {
            int before = Integer.parseInt(merging.group(1)) - 1;
            ours.put("layers.%d.downsample.%s".formatted(before, merging.group(2)), tensor);
          } else if (name.startsWith("norm.")
              && wanted.containsKey(SWIN_NORM + name.substring(5))) {
            ours.put(SWIN_NORM + name.substring(5), tensor);
          } else if (name.equals(POSITIONS) && wanted.containsKey(POSITIONS)) {
            ours.put(name, withoutClassToken(tensor, wanted.get(POSITIONS).shape()));
          } else {
            ours.put(name, tensor);
          }
        });
    return new WarmStart.CheckpointMapping(ours, new TreeSet<>());
  }

  /** Positions {@code (1, 1 + N, C)} without their first row, if that makes them fit. */
  private static FloatTensor withoutClassToken(FloatTensor positions, Shape wanted) {
    Shape shape = positions.shape();
    if (shape.dimension() != 3
        || shape.get(1) != wanted.get(1) + 1
        || shape.get(2) != wanted.get(2)) {
      return positions;
    }
    int width = (int) shape.get(2);
    float[] values = positions.values();
    return FloatTensor.of(
        positions.name(), wanted, Arrays.copyOfRange(values, width, values.length));
  }
}

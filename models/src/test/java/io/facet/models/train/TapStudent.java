package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.tensor.Linear;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One linear map of a 16x16 crop for the embedding and each tap, so that taps have any shape. */
public final class TapStudent extends Network {
  private final int width;
  private final Map<String, Shape> taps;
  private final Map<String, Linear> maps = new LinkedHashMap<>();

  public TapStudent(int width, Map<String, Shape> taps) {
    this.width = width;
    this.taps = Map.copyOf(taps);
    maps.put("", child("embedding", new Linear(3 * 16 * 16, width, true)));
    taps.forEach(
        (tap, shape) ->
            maps.put(tap, child("tap-" + tap, new Linear(3 * 16 * 16, (int) shape.size(), true))));
  }

  @Override
  public Features forward(NDArray images, Set<String> wanted, boolean training) {
    NDArray rows = images.reshape(images.getShape().get(0), -1);
    Map<String, NDArray> outputs = new LinkedHashMap<>();
    for (String tap : wanted) {
      Shape shape = new Shape(images.getShape().get(0)).addAll(taps.get(tap));
      outputs.put(tap, maps.get(tap).forward(rows).reshape(shape));
    }
    return new Features(maps.get("").forward(rows), outputs);
  }

  @Override
  public int embeddingSize() {
    return width;
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, 16, 16);
  }

  @Override
  public Map<String, Shape> taps() {
    return taps;
  }
}

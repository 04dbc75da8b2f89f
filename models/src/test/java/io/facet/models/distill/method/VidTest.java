package io.facet.models.distill.method;

import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class VidTest extends MethodContract {
  VidTest() {
    super("vid");
  }

  @Override
  protected List<String> options() {
    return List.of("{hidden: 10}", "{studentTaps: [last], teacherTaps: [last], hidden: 10}");
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "stage2", new Shape(3, 4, 4), "stage3", new Shape(5, 2, 2), "last", new Shape(9, 5));
  }

  /** Identity through two ReLUs: positive and negative parts side by side. */
  @Override
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    Map<String, float[]> matched = new LinkedHashMap<>(adapters);
    adapters.forEach(
        (name, values) -> {
          float[] identity = new float[values.length];
          int hidden = 10;
          int channels = values.length / hidden;
          if (name.endsWith("scale")) {
            identity = values;
          } else if (name.endsWith("second")) {
            for (int i = 0; i < hidden; i++) {
              identity[i * hidden + i] = 1;
            }
          } else {
            for (int c = 0; c < channels; c++) {
              boolean first = name.endsWith("first");
              identity[first ? 2 * c * channels + c : c * hidden + 2 * c] = 1;
              identity[first ? (2 * c + 1) * channels + c : c * hidden + 2 * c + 1] = -1;
            }
          }
          matched.put(name, identity);
        });
    return matched;
  }

  /** The variance stays as a constant. */
  @Override
  protected boolean minimumIsZero() {
    return false;
  }
}

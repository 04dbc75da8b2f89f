package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * What a network computed for one batch.
 *
 * @param embedding raw embeddings, not normalised, {@code (B, d)}
 * @param taps the intermediate outputs that were asked for, by tap name
 */
public record Features(NDArray embedding, Map<String, NDArray> taps) {
  /**
   * One tap.
   *
   * @throws IllegalArgumentException if it was not asked for
   */
  public NDArray tap(String name) {
    NDArray found = taps.get(name);
    if (found == null) {
      throw new IllegalArgumentException("tap '" + name + "' was not computed: " + taps.keySet());
    }
    return found;
  }
}

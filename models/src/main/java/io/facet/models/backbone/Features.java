package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.TorchOps;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a network computed for one batch.
 *
 * @param embedding raw embeddings, not normalised, {@code (B, d)}
 * @param taps the intermediate outputs that were asked for, by tap name
 */
public record Features(NDArray embedding, Map<String, NDArray> taps) {
  /** Some rows of the batch by position, int64 {@code (M)}; gradients flow back to them. */
  public Features rows(NDArray positions) {
    Map<String, NDArray> chosen = new LinkedHashMap<>();
    taps.forEach((name, tap) -> chosen.put(name, TorchOps.rows(tap, positions)));
    return new Features(TorchOps.rows(embedding, positions), chosen);
  }

  /** The same as float32, which autocast may have left. */
  public Features float32() {
    Map<String, NDArray> cast = new LinkedHashMap<>();
    taps.forEach((name, tap) -> cast.put(name, TorchOps.float32(tap)));
    return new Features(TorchOps.float32(embedding), cast);
  }

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

package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.head.IdentityHead;
import java.util.Arrays;
import java.util.Map;

/**
 * Class weights that a head takes from another network.
 *
 * @param weights {@code (C, d)} row by row
 * @param frozen whether they stay as they are
 */
public record ClassifierStart(float[] weights, boolean frozen) {
  private static final String WEIGHT = "weight";

  /** Gives them to an initialised head of the same shape. */
  void apply(IdentityHead head, NDManager manager) {
    Map<String, float[]> values = head.save();
    values.put(WEIGHT, weights);
    head.load(manager, values);
    head.setTrainable(!frozen);
  }

  /** Text that differs between different starts. */
  String identity() {
    return "%s classifier %x".formatted(frozen ? "frozen" : "given", Arrays.hashCode(weights));
  }
}

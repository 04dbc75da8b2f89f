package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Network;
import java.util.Map;

/** Measures the student after every epoch. */
@FunctionalInterface
public interface EpochValidation {
  /**
   * Measures.
   *
   * @param epoch epochs done, from 1
   * @param student the student; run it with {@code training = false} inside a scope without
   *     gradients that it is lent to
   * @param manager base of that scope
   * @return values by name; logged as {@code validation/NAME}
   */
  Map<String, Double> measure(int epoch, Network student, NDManager manager);
}

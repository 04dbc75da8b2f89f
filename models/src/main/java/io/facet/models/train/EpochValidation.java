package io.facet.models.train;

import io.facet.models.embed.Embedder;
import java.util.Map;

/** Measures the student after every epoch, and at the end of training. */
@FunctionalInterface
public interface EpochValidation {
  /**
   * Measures.
   *
   * @param epoch epochs done, from 1
   * @param student in evaluation mode; usable during the call only
   * @return finite values by name; logged as {@code validation/NAME}
   */
  Map<String, Double> measure(int epoch, Embedder student);
}

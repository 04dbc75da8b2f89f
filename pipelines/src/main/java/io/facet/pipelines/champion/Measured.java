package io.facet.pipelines.champion;

import io.facet.models.DataException;
import io.facet.transforms.score.ScoredPairs;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the gate knows of one model.
 *
 * @param scores of all pairs by verification set, with who is on them
 * @param parameters of the network
 * @param milliseconds an image; empty if not measured
 */
public record Measured(
    Map<String, ScoredPairs> scores, double parameters, OptionalDouble milliseconds) {

  /**
   * Its scores of the pairs of a set that another model judged as well.
   *
   * @throws DataException if there are none
   */
  ScoredPairs common(String set, Measured other) {
    if (scores.containsKey(set) && other.scores.containsKey(set)) {
      ScoredPairs common = scores.get(set).common(other.scores.get(set));
      if (common.size() > 0) {
        return common;
      }
    }
    throw new DataException("candidate and champion have no pair of '%s' in common".formatted(set));
  }
}

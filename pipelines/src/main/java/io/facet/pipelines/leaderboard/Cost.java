package io.facet.pipelines.leaderboard;

import java.util.Map;

/**
 * What a model costs where it is deployed.
 *
 * @param milliseconds an image, NaN if not measured
 * @param memory bytes that it takes beside its engine, NaN if not measured
 */
record Cost(double milliseconds, double memory) {
  /** Of the metrics of an evaluation. */
  static Cost of(Map<String, Double> metrics) {
    return new Cost(
        metrics.getOrDefault(Leaderboard.LATENCY, Double.NaN),
        metrics.getOrDefault(EfficiencyTable.MODEL_MEMORY, Double.NaN));
  }
}

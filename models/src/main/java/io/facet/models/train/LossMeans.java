package io.facet.models.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Means of named values since the last line of history. */
final class LossMeans {
  private final Map<String, double[]> sums = new LinkedHashMap<>();

  void add(String name, double value) {
    double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
    sum[0] += value;
    sum[1]++;
  }

  /** The means, after which counting starts anew. */
  Map<String, Double> take() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
    sums.clear();
    return means;
  }

  Map<String, double[]> state() {
    Map<String, double[]> copy = new LinkedHashMap<>();
    sums.forEach((name, sum) -> copy.put(name, sum.clone()));
    return copy;
  }

  void restore(Map<String, double[]> state) {
    sums.clear();
    state.forEach((name, sum) -> sums.put(name, sum.clone()));
  }
}

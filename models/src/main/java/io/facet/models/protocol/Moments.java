package io.facet.models.protocol;

import java.util.Arrays;

/** Mean and standard deviations. */
final class Moments {
  private Moments() {}

  static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Divides by n. */
  static double populationDeviation(double[] values) {
    return Math.sqrt(squares(values) / values.length);
  }

  /** Divides by n - 1; 0 for a single value. */
  static double sampleDeviation(double[] values) {
    return values.length < 2 ? 0 : Math.sqrt(squares(values) / (values.length - 1));
  }

  private static double squares(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
  }
}

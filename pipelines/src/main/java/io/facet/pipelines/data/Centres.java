package io.facet.pipelines.data;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sums of unit embeddings by person, and cosines to their directions. */
final class Centres {
  private final Map<String, Sum> sums = new TreeMap<>();

  private static final class Sum {
    private final double[] total;
    private int faces;

    Sum(int length) {
      total = new double[length];
    }
  }

  /**
   * The nearest other centre.
   *
   * @param identity whose
   * @param cosine in -1..1
   */
  record Nearest(String identity, double cosine) {}

  /** Counts a face in. */
  void add(String identity, double[] unit) {
    Sum sum = sums.computeIfAbsent(identity, i -> new Sum(unit.length));
    for (int i = 0; i < unit.length; i++) {
      sum.total[i] += unit[i];
    }
    sum.faces++;
  }

  Iterable<String> identities() {
    return sums.keySet();
  }

  /** The direction of somebody's centre. */
  double[] centre(String identity) {
    return unit(sums.get(identity).total);
  }

  /** Cosine of a face to the centre of the person's other faces; empty if it has none. */
  Optional<Double> own(String identity, double[] unit) {
    Sum sum = sums.get(identity);
    if (sum == null || sum.faces < 2) {
      return Optional.empty();
    }
    double[] others = new double[unit.length];
    for (int i = 0; i < others.length; i++) {
      others[i] = sum.total[i] - unit[i];
    }
    return Optional.of(dot(unit, unit(others)));
  }

  /** The nearest centre of somebody else with at least two faces; empty if there is nobody. */
  Optional<Nearest> nearest(double[] unit, String except) {
    Nearest nearest = null;
    for (Map.Entry<String, Sum> entry : sums.entrySet()) {
      if (entry.getValue().faces > 1 && !entry.getKey().equals(except)) {
        double cosine = dot(unit, entry.getValue().total) / length(entry.getValue().total);
        if (nearest == null || cosine > nearest.cosine()) {
          nearest = new Nearest(entry.getKey(), cosine);
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** The same direction with length 1; zero stays zero. */
  static double[] unit(double[] values) {
    double length = length(values);
    double[] unit = values.clone();
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] /= length;
    }
    return unit;
  }

  /** The same of floats. */
  static double[] unit(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return unit(wide);
  }

  private static double length(double[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}

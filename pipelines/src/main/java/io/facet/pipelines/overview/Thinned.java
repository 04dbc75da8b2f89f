package io.facet.pipelines.overview;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve of any length, of which every n-th point is kept, with the first and the last one; n
 * doubles as the curve grows.
 */
final class Thinned {
  private static final int MOST = 240;

  private final List<double[]> points = new ArrayList<>();
  private double[] last;
  private long seen;
  private long every = 1;
  private double best = Double.NaN;
  private double lowest = Double.NaN;

  void add(double x, double y) {
    last = new double[] {x, y};
    best = Double.isNaN(best) ? y : Math.max(best, y);
    lowest = Double.isNaN(lowest) ? y : Math.min(lowest, y);
    if (seen++ % every == 0) {
      points.add(last);
      if (points.size() > MOST) {
        thin();
      }
    }
  }

  private void thin() {
    List<double[]> kept = new ArrayList<>();
    for (int i = 0; i < points.size(); i += 2) {
      kept.add(points.get(i));
    }
    points.clear();
    points.addAll(kept);
    every *= 2;
  }

  double[] first() {
    return points.get(0);
  }

  double[] last() {
    return last;
  }

  double lowest() {
    return lowest;
  }

  double highest() {
    return best;
  }

  double[] xs() {
    return all().stream().mapToDouble(point -> point[0]).toArray();
  }

  double[] ys() {
    return all().stream().mapToDouble(point -> point[1]).toArray();
  }

  private List<double[]> all() {
    List<double[]> all = new ArrayList<>(points);
    if (all.get(all.size() - 1)[0] != last[0]) {
      all.add(last);
    }
    return all;
  }
}

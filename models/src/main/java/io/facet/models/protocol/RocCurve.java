package io.facet.models.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic of a set of scored pairs: one point for each distinct
 * score, from (0, 0) to (1, 1). The lowest false accept rate above 0 is one in the number of
 * different pairs.
 */
public final class RocCurve {

  /**
   * One point: pairs at or above the threshold are accepted.
   *
   * @param falseAcceptRate share of different pairs accepted
   * @param trueAcceptRate share of same pairs accepted
   * @param threshold cosine; positive infinity at the first point
   */
  public record Point(double falseAcceptRate, double trueAcceptRate, double threshold) {
    /** The other axis of a detection error trade-off plot: share of same pairs refused. */
    public double falseRejectRate() {
      return 1 - trueAcceptRate;
    }
  }

  private final int size;
  private final double[] thresholds;

  /** Counts of accepted same and different pairs at each point. */
  private final long[] trueAccepts;

  private final long[] falseAccepts;

  /** The first {@code size} values of each array are the points, by falling threshold. */
  RocCurve(int size, double[] thresholds, long[] trueAccepts, long[] falseAccepts) {
    this.size = size;
    this.thresholds = thresholds;
    this.trueAccepts = trueAccepts;
    this.falseAccepts = falseAccepts;
  }

  /**
   * Draws the curve.
   *
   * @throws io.facet.models.DataException if there is only one kind of pair
   */
  public static RocCurve of(PairScores pairs) {
    pairs.requireBothKinds();
    return RankedPairs.of(pairs).curve();
  }

  int size() {
    return size;
  }

  double falseAcceptRate(int point) {
    return (double) falseAccepts[point] / falseAccepts[size - 1];
  }

  double trueAcceptRate(int point) {
    return (double) trueAccepts[point] / trueAccepts[size - 1];
  }

  /** All points, by falling threshold. */
  public List<Point> points() {
    return IntStream.range(0, size).mapToObj(this::point).toList();
  }

  private Point point(int i) {
    return new Point(falseAcceptRate(i), trueAcceptRate(i), thresholds[i]);
  }

  /**
   * The points at which the curve bends, with the first, second and last one: those scikit-learn
   * keeps by default.
   */
  public List<Point> corners() {
    List<Point> kept = new ArrayList<>();
    int last = size - 1;
    for (int i = 0; i <= last; i++) {
      if (i <= 1 || i == last || bends(i)) {
        kept.add(point(i));
      }
    }
    return kept;
  }

  private boolean bends(int i) {
    return trueAccepts[i + 1] - trueAccepts[i] != trueAccepts[i] - trueAccepts[i - 1]
        || falseAccepts[i + 1] - falseAccepts[i] != falseAccepts[i] - falseAccepts[i - 1];
  }

  /** Area below the curve by the trapezium rule, in 0..1. */
  public double areaUnderCurve() {
    double area = 0;
    for (int i = 1; i < size; i++) {
      area +=
          (falseAcceptRate(i) - falseAcceptRate(i - 1))
              * (trueAcceptRate(i - 1) + trueAcceptRate(i))
              / 2;
    }
    return area;
  }

  /** The first point, by falling threshold, with at least as many false accepts as rejects. */
  public Point equalErrorPoint() {
    for (int i = 1; i < size; i++) {
      if (1 - trueAcceptRate(i) <= falseAcceptRate(i)) {
        return point(i);
      }
    }
    throw new IllegalStateException("the curve does not end at (1, 1)");
  }

  /** The rate at which false accepts equal false rejects, interpolated along the curve. */
  public double equalErrorRate() {
    for (int i = 1; i < size; i++) {
      double before = 1 - trueAcceptRate(i - 1) - falseAcceptRate(i - 1);
      double after = 1 - trueAcceptRate(i) - falseAcceptRate(i);
      if (after <= 0) {
        double share = before / (before - after);
        return falseAcceptRate(i - 1) + share * (falseAcceptRate(i) - falseAcceptRate(i - 1));
      }
    }
    throw new IllegalStateException("the curve does not end at (1, 1)");
  }
}

package io.facet.models.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic of a set of scored pairs: one point for each distinct
 * score, from (0, 0) to (1, 1).
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

  private final List<Point> points;

  /** Counts of accepted same and different pairs at each point. */
  private final long[] trueAccepts;

  private final long[] falseAccepts;

  private RocCurve(List<Point> points, long[] trueAccepts, long[] falseAccepts) {
    this.points = List.copyOf(points);
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
    double[] scores = pairs.scores();
    int[] order =
        IntStream.range(0, pairs.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double same = pairs.sameCount();
    double different = pairs.size() - same;
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, 0, Double.POSITIVE_INFINITY));
    long[] accepted = new long[order.length + 1];
    long[] wronglyAccepted = new long[order.length + 1];
    long trueAccepts = 0;
    long falseAccepts = 0;
    for (int i = 0; i < order.length; i++) {
      if (pairs.same()[order[i]]) {
        trueAccepts++;
      } else {
        falseAccepts++;
      }
      double score = scores[order[i]];
      if (i + 1 == order.length || scores[order[i + 1]] < score) {
        accepted[points.size()] = trueAccepts;
        wronglyAccepted[points.size()] = falseAccepts;
        points.add(new Point(falseAccepts / different, trueAccepts / same, score));
      }
    }
    return new RocCurve(points, accepted, wronglyAccepted);
  }

  /** All points, by falling threshold. */
  public List<Point> points() {
    return points;
  }

  /**
   * The points at which the curve bends, with the first, second and last one: those scikit-learn
   * keeps by default.
   */
  public List<Point> corners() {
    List<Point> kept = new ArrayList<>();
    int last = points.size() - 1;
    for (int i = 0; i <= last; i++) {
      if (i <= 1 || i == last || bends(i)) {
        kept.add(points.get(i));
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
    for (int i = 1; i < points.size(); i++) {
      Point a = points.get(i - 1);
      Point b = points.get(i);
      area +=
          (b.falseAcceptRate() - a.falseAcceptRate())
              * (a.trueAcceptRate() + b.trueAcceptRate())
              / 2;
    }
    return area;
  }

  /** The rate at which false accepts equal false rejects, interpolated along the curve. */
  public double equalErrorRate() {
    for (int i = 1; i < points.size(); i++) {
      Point a = points.get(i - 1);
      Point b = points.get(i);
      double before = a.falseRejectRate() - a.falseAcceptRate();
      double after = b.falseRejectRate() - b.falseAcceptRate();
      if (after <= 0) {
        double share = before / (before - after);
        return a.falseAcceptRate() + share * (b.falseAcceptRate() - a.falseAcceptRate());
      }
    }
    throw new IllegalStateException("the curve does not end at (1, 1)");
  }
}

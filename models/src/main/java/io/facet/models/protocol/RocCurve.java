package io.facet.models.protocol;

import java.util.ArrayList;
import java.util.Arrays;
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
    return of(kind(pairs.scores(), pairs.same(), true), kind(pairs.scores(), pairs.same(), false));
  }

  /**
   * Draws the curve of scores in single precision.
   *
   * @param scores finite; higher is more alike
   * @param same whether each pair shows one identity
   * @throws io.facet.models.DataException if there is only one kind of pair
   */
  public static RocCurve of(float[] scores, boolean[] same) {
    double[] sameScores = kind(scores, same, true);
    double[] differentScores = kind(scores, same, false);
    PairScores.requireBothKinds(sameScores.length, differentScores.length);
    return of(sameScores, differentScores);
  }

  /** Merges the scores of both kinds, which are sorted here. */
  private static RocCurve of(double[] sameScores, double[] differentScores) {
    Arrays.sort(sameScores);
    Arrays.sort(differentScores);
    int points = 1 + distinct(sameScores, differentScores, new double[0], null, null);
    double[] thresholds = new double[points];
    long[] accepted = new long[points];
    long[] wronglyAccepted = new long[points];
    thresholds[0] = Double.POSITIVE_INFINITY;
    distinct(sameScores, differentScores, thresholds, accepted, wronglyAccepted);
    return new RocCurve(points, thresholds, accepted, wronglyAccepted);
  }

  /**
   * Goes through two rising lists from above, equal scores at once.
   *
   * @param thresholds receives each distinct score from place 1 on, and the others how many of each
   *     list are at or above it; if empty, they are only counted
   * @return number of distinct scores
   */
  private static int distinct(
      double[] first,
      double[] second,
      double[] thresholds,
      long[] firstAccepted,
      long[] secondAccepted) {
    int i = first.length - 1;
    int j = second.length - 1;
    int point = 0;
    while (i >= 0 || j >= 0) {
      double score = j < 0 || (i >= 0 && first[i] >= second[j]) ? first[i] : second[j];
      while (i >= 0 && first[i] == score) {
        i--;
      }
      while (j >= 0 && second[j] == score) {
        j--;
      }
      point++;
      if (thresholds.length > 0) {
        thresholds[point] = score;
        firstAccepted[point] = first.length - 1 - i;
        secondAccepted[point] = second.length - 1 - j;
      }
    }
    return point;
  }

  private static double[] kind(double[] scores, boolean[] same, boolean wanted) {
    double[] found = new double[count(same, wanted)];
    int count = 0;
    for (int i = 0; i < same.length; i++) {
      if (same[i] == wanted) {
        found[count++] = scores[i];
      }
    }
    return found;
  }

  private static double[] kind(float[] scores, boolean[] same, boolean wanted) {
    double[] found = new double[count(same, wanted)];
    int count = 0;
    for (int i = 0; i < same.length; i++) {
      if (same[i] == wanted) {
        found[count++] = scores[i];
      }
    }
    return found;
  }

  private static int count(boolean[] same, boolean wanted) {
    int count = 0;
    for (boolean one : same) {
      count += one == wanted ? 1 : 0;
    }
    return count;
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

  /** False accept rates of all points, by falling threshold. */
  public double[] falseAcceptRates() {
    return IntStream.range(0, size).mapToDouble(this::falseAcceptRate).toArray();
  }

  /** True accept rates of all points, by falling threshold. */
  public double[] trueAcceptRates() {
    return IntStream.range(0, size).mapToDouble(this::trueAcceptRate).toArray();
  }

  /** All points, by falling threshold. */
  public List<Point> points() {
    return IntStream.range(0, size).mapToObj(this::point).toList();
  }

  Point point(int i) {
    return new Point(falseAcceptRate(i), trueAcceptRate(i), thresholds[i]);
  }

  /**
   * The points at which the curve bends, with the first, second and last one: those scikit-learn
   * keeps by default.
   */
  public List<Point> corners() {
    List<Point> kept = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (isCorner(i)) {
        kept.add(point(i));
      }
    }
    return kept;
  }

  /** Whether a point is one of {@link #corners}. */
  boolean isCorner(int i) {
    return i <= 1
        || i == size - 1
        || trueAccepts[i + 1] - trueAccepts[i] != trueAccepts[i] - trueAccepts[i - 1]
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

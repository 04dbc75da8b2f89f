package io.facet.models.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
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

  /** Of each point but the first. */
  private final IntToDoubleFunction thresholds;

  /** Counts of accepted same and different pairs at each point. */
  private final int[] trueAccepts;

  private final int[] falseAccepts;

  /** The first {@code size} values are the points, by falling threshold. */
  RocCurve(int size, IntToDoubleFunction thresholds, int[] trueAccepts, int[] falseAccepts) {
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
    return of(
        Rising.of(kind(pairs.scores(), pairs.same(), true)),
        Rising.of(kind(pairs.scores(), pairs.same(), false)));
  }

  /**
   * Draws the curve of scores in single precision, which take half the memory: twelve bytes a pair.
   *
   * @param scores finite; higher is more alike
   * @param same whether each pair shows one identity
   * @throws io.facet.models.DataException if there is only one kind of pair
   */
  public static RocCurve of(float[] scores, boolean[] same) {
    float[] sameScores = kind(scores, same, true);
    float[] differentScores = kind(scores, same, false);
    PairScores.requireBothKinds(sameScores.length, differentScores.length);
    return of(Rising.of(sameScores), Rising.of(differentScores));
  }

  /** Scores of one kind of pair, sorted. */
  private record Rising(int size, IntToDoubleFunction at) {
    static Rising of(double[] scores) {
      Arrays.sort(scores);
      return new Rising(scores.length, i -> scores[i]);
    }

    static Rising of(float[] scores) {
      Arrays.sort(scores);
      return new Rising(scores.length, i -> scores[i]);
    }

    /** The one at a place from above, from 1. */
    double fromAbove(int place) {
      return at.applyAsDouble(size - place);
    }

    /** How many are at or above a score, of which the first {@code known} are. */
    int atOrAbove(double score, int known) {
      int accepted = known;
      while (accepted < size && fromAbove(accepted + 1) == score) {
        accepted++;
      }
      return accepted;
    }
  }

  /** Goes through both kinds from above, equal scores at once. */
  private static RocCurve of(Rising same, Rising different) {
    int points = 1 + distinct(same, different, new int[0], new int[0]);
    int[] accepted = new int[points];
    int[] wronglyAccepted = new int[points];
    distinct(same, different, accepted, wronglyAccepted);
    IntToDoubleFunction thresholds =
        point ->
            accepted[point] > accepted[point - 1]
                ? same.fromAbove(accepted[point])
                : different.fromAbove(wronglyAccepted[point]);
    return new RocCurve(points, thresholds, accepted, wronglyAccepted);
  }

  /**
   * Counts distinct scores.
   *
   * @param accepted receives how many same pairs are at or above each, from place 1 on; if empty,
   *     they are only counted
   * @param wronglyAccepted the same of different pairs
   */
  private static int distinct(
      Rising same, Rising different, int[] accepted, int[] wronglyAccepted) {
    int i = 0;
    int j = 0;
    int point = 0;
    while (i < same.size() || j < different.size()) {
      double one = i < same.size() ? same.fromAbove(i + 1) : Double.NEGATIVE_INFINITY;
      double other = j < different.size() ? different.fromAbove(j + 1) : Double.NEGATIVE_INFINITY;
      double score = Math.max(one, other);
      i = same.atOrAbove(score, i);
      j = different.atOrAbove(score, j);
      point++;
      if (accepted.length > 0) {
        accepted[point] = i;
        wronglyAccepted[point] = j;
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

  private static float[] kind(float[] scores, boolean[] same, boolean wanted) {
    float[] found = new float[count(same, wanted)];
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
    double threshold = i == 0 ? Double.POSITIVE_INFINITY : thresholds.applyAsDouble(i);
    return new Point(falseAcceptRate(i), trueAcceptRate(i), threshold);
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

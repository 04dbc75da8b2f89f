package io.facet.models.protocol;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Scored pairs, best score first: sorted once for many curves over weighted pairs. */
@SuppressWarnings("ArrayRecordComponent")
record RankedPairs(PairScores pairs, int[] order) {

  static RankedPairs of(PairScores pairs) {
    double[] scores = pairs.scores();
    int[] order =
        IntStream.range(0, pairs.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new RankedPairs(pairs, order);
  }

  /** The curve over all pairs. */
  RocCurve curve() {
    int[] once = new int[order.length];
    Arrays.fill(once, 1);
    return curve(once);
  }

  /**
   * The curve over pairs that count several times or not at all.
   *
   * @param weights of the pairs in their own order, both kinds with a positive sum
   */
  RocCurve curve(int[] weights) {
    double[] thresholds = new double[order.length + 1];
    long[] accepted = new long[order.length + 1];
    long[] wronglyAccepted = new long[order.length + 1];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int points = 1;
    for (int i : order) {
      if (weights[i] == 0) {
        continue;
      }
      double score = pairs.scores()[i];
      if (score != thresholds[points - 1]) {
        thresholds[points] = score;
        accepted[points] = accepted[points - 1];
        wronglyAccepted[points] = wronglyAccepted[points - 1];
        points++;
      }
      if (pairs.same()[i]) {
        accepted[points - 1] += weights[i];
      } else {
        wronglyAccepted[points - 1] += weights[i];
      }
    }
    return new RocCurve(points, thresholds, accepted, wronglyAccepted);
  }

  /** Number of pairs. */
  int size() {
    return order.length;
  }
}

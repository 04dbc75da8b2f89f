package io.facet.models.protocol;

import java.util.Arrays;

/** Scored pairs, best score first: sorted once for many curves over weighted pairs. */
@SuppressWarnings("ArrayRecordComponent")
record RankedPairs(PairScores pairs, int[] order) {

  static RankedPairs of(PairScores pairs) {
    double[] rising = pairs.scores().clone();
    Arrays.sort(rising);
    int[] taken = new int[rising.length];
    int[] order = new int[rising.length];
    for (int i = order.length - 1; i >= 0; i--) {
      int below = below(rising, pairs.scores()[i]);
      order[order.length - 1 - below - taken[below]++] = i;
    }
    return new RankedPairs(pairs, order);
  }

  /** How many of the rising values are below one of them. */
  private static int below(double[] rising, double value) {
    int low = 0;
    int high = rising.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Double.compare(rising[middle], value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The curve over pairs that count several times or not at all.
   *
   * @param weights of the pairs in their own order, both kinds with a positive sum
   */
  RocCurve curve(int[] weights) {
    double[] thresholds = new double[order.length + 1];
    int[] accepted = new int[order.length + 1];
    int[] wronglyAccepted = new int[order.length + 1];
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
        accepted[points - 1] = Math.addExact(accepted[points - 1], weights[i]);
      } else {
        wronglyAccepted[points - 1] = Math.addExact(wronglyAccepted[points - 1], weights[i]);
      }
    }
    return new RocCurve(points, point -> thresholds[point], accepted, wronglyAccepted);
  }

  /** Number of pairs. */
  int size() {
    return order.length;
  }
}

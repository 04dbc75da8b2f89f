package io.facet.models.protocol;

/**
 * Accuracy by cross-validation as on LFW: every fold is judged with the threshold that is best on
 * the other folds.
 *
 * <p>A pair is called "same" if its squared distance (2 - 2 cosine, in 0..4) is strictly below the
 * threshold; thresholds are {@code k * 0.01}, k = 0..399; of equally good ones the first is taken.
 */
public final class TenFoldAccuracy {
  /** Number of folds of the published protocols. */
  public static final int FOLDS = 10;

  static final double STEP = 0.01;
  static final int THRESHOLDS = 400;

  private TenFoldAccuracy() {}

  /**
   * Outcome of the protocol.
   *
   * @param mean mean of the folds' accuracies, in 0..1
   * @param deviation their population standard deviation
   * @param accuracies one a fold
   * @param thresholds squared distance used in each fold
   * @param foldSizes pairs in each fold
   * @param correct for each pair, whether it was judged rightly by its own fold's threshold
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      double mean,
      double deviation,
      double[] accuracies,
      double[] thresholds,
      int[] foldSizes,
      boolean[] correct) {}

  /** Ten folds, or the set's own. */
  public static Result measure(PairScores pairs) {
    return measure(pairs, FOLDS);
  }

  /**
   * Measures the accuracy.
   *
   * @param folds number of contiguous folds; ignored if the set brings at least two of its own
   * @throws io.facet.models.DataException if the set holds only one kind of pair, or fewer pairs
   *     than folds
   */
  public static Result measure(PairScores pairs, int folds) {
    pairs.requireBothKinds();
    Folds division = Folds.of(pairs, folds);
    double[] distances = pairs.squaredDistances();
    int[][] rightByFold = rightAtThreshold(distances, pairs.same(), division);
    int[] rightOverall = new int[THRESHOLDS];
    for (int[] right : rightByFold) {
      for (int k = 0; k < THRESHOLDS; k++) {
        rightOverall[k] += right[k];
      }
    }
    int[] sizes = division.sizes();
    double[] accuracies = new double[division.count()];
    double[] thresholds = new double[division.count()];
    for (int fold = 0; fold < division.count(); fold++) {
      int best = 0;
      for (int k = 1; k < THRESHOLDS; k++) {
        if (rightOverall[k] - rightByFold[fold][k] > rightOverall[best] - rightByFold[fold][best]) {
          best = k;
        }
      }
      thresholds[fold] = best * STEP;
      accuracies[fold] = (double) rightByFold[fold][best] / sizes[fold];
    }
    boolean[] correct = new boolean[pairs.size()];
    for (int i = 0; i < correct.length; i++) {
      boolean accepted = distances[i] < thresholds[division.ofPair()[i]];
      correct[i] = accepted == pairs.same()[i];
    }
    return new Result(
        Moments.mean(accuracies),
        Moments.populationDeviation(accuracies),
        accuracies,
        thresholds,
        sizes,
        correct);
  }

  /** Rightly judged pairs per fold and threshold. */
  private static int[][] rightAtThreshold(double[] distances, boolean[] same, Folds division) {
    int[][] right = new int[division.count()][THRESHOLDS + 1];
    for (int i = 0; i < distances.length; i++) {
      int accepted = ThresholdBins.firstAccepting(distances[i], STEP, THRESHOLDS);
      int[] steps = right[division.ofPair()[i]];
      if (same[i]) {
        steps[accepted]++;
      } else {
        steps[0]++;
        steps[accepted]--;
      }
    }
    for (int[] steps : right) {
      for (int k = 1; k < THRESHOLDS; k++) {
        steps[k] += steps[k - 1];
      }
    }
    return right;
  }
}

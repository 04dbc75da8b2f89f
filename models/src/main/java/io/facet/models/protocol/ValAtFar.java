package io.facet.models.protocol;

import java.util.Optional;

/**
 * Validation rate at a false accept rate, by cross-validation, as published beside LFW accuracies.
 *
 * <p>Thresholds are squared distances {@code k * 0.001}, k = 0..3999. For each fold the largest
 * threshold whose false accept rate on the other folds is at or below the target is applied to the
 * fold. (The published code interpolates, which is undefined for repeated rates.) If no threshold
 * reaches the target at all, threshold 0 is used and the result says so.
 */
public final class ValAtFar {
  private static final double STEP = 0.001;
  private static final int THRESHOLDS = 4000;

  private ValAtFar() {}

  /**
   * Outcome of the protocol.
   *
   * @param validationRate mean share of accepted same pairs, in 0..1
   * @param deviation population standard deviation over the folds
   * @param falseAcceptRate mean share of accepted different pairs
   * @param farUnreached in some fold every threshold stays below the target, so that 0 was used
   * @param supported whether each threshold was found on at least {@link TarAtFar#pairsNeeded}
   *     different pairs; with fewer the rate says nothing about its target
   */
  public record Result(
      double validationRate,
      double deviation,
      double falseAcceptRate,
      boolean farUnreached,
      boolean supported) {}

  /**
   * Measures the rate; empty if some fold lacks one kind of pair, since its rates are undefined.
   *
   * @param folds as in {@link TenFoldAccuracy#measure(PairScores, int)}
   * @param target false accept rate in (0, 1]
   * @throws io.facet.models.DataException if the whole set holds only one kind of pair, or fewer
   *     pairs than folds
   */
  public static Optional<Result> measure(PairScores pairs, int folds, double target) {
    pairs.requireBothKinds();
    Folds division = Folds.of(pairs, folds);
    int[][] samePairs = new int[division.count()][THRESHOLDS + 1];
    int[][] differentPairs = new int[division.count()][THRESHOLDS + 1];
    double[] distances = pairs.squaredDistances();
    for (int i = 0; i < distances.length; i++) {
      int bin = ThresholdBins.firstAccepting(distances[i], STEP, THRESHOLDS);
      (pairs.same()[i] ? samePairs : differentPairs)[division.ofPair()[i]][bin]++;
    }
    int[] differentOverall = new int[THRESHOLDS + 1];
    for (int fold = 0; fold < division.count(); fold++) {
      accumulate(samePairs[fold]);
      accumulate(differentPairs[fold]);
      if (samePairs[fold][THRESHOLDS] == 0 || differentPairs[fold][THRESHOLDS] == 0) {
        return Optional.empty();
      }
      for (int k = 0; k <= THRESHOLDS; k++) {
        differentOverall[k] += differentPairs[fold][k];
      }
    }
    double[] validation = new double[division.count()];
    double[] falseAccepts = new double[division.count()];
    boolean unreached = false;
    boolean supported = true;
    long needed = TarAtFar.pairsNeeded(target);
    for (int fold = 0; fold < division.count(); fold++) {
      int k = threshold(differentOverall, differentPairs[fold], target);
      unreached |= k < 0;
      supported &= differentOverall[THRESHOLDS] - differentPairs[fold][THRESHOLDS] >= needed;
      k = Math.max(k, 0);
      validation[fold] = (double) samePairs[fold][k] / samePairs[fold][THRESHOLDS];
      falseAccepts[fold] = (double) differentPairs[fold][k] / differentPairs[fold][THRESHOLDS];
    }
    return Optional.of(
        new Result(
            Moments.mean(validation),
            Moments.populationDeviation(validation),
            Moments.mean(falseAccepts),
            unreached,
            supported));
  }

  /** Index of the largest threshold within the target; -1 if even the last one stays below it. */
  private static int threshold(int[] overall, int[] fold, double target) {
    double total = overall[THRESHOLDS] - fold[THRESHOLDS];
    int last = THRESHOLDS - 1;
    if ((overall[last] - fold[last]) / total < target) {
      return -1;
    }
    int k = last;
    while (k > 0 && (overall[k] - fold[k]) / total > target) {
      k--;
    }
    return k;
  }

  private static void accumulate(int[] counts) {
    for (int k = 1; k < counts.length; k++) {
      counts[k] += counts[k - 1];
    }
  }
}

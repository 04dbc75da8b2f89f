package io.facet.models.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums of the weights of rightly judged pairs for many verdicts and a batch of rounds at once. Sums
 * are whole numbers, so that their order does not matter: of right and wrong pairs the fewer are
 * added, and several rounds at once ({@link Fours}).
 */
final class WeightedVerdicts {
  /** Instead of verdicts that are taken off. */
  static final int NONE = -1;

  /** Rounds of a batch for lists of pairs of usual length. */
  private static final int ROUNDS = 512;

  /** Weights that a batch holds at most, but for four rounds. */
  private static final int WEIGHTS = 1 << 23;

  private static final int KINDS = 2;

  private final Resampling pairs;
  private final int batch;

  /** {@code [pair][four rounds]}. */
  private final long[][] weights;

  /** Positions of different and of same pairs. */
  private final int[][] kinds;

  /** {@code [kind][round]}: 0 different, 1 same pairs. */
  private final double[][] totals;

  /** What sums are divided by: the totals, or 1 where there is no pair. */
  private final double[][] divisors;

  private final Fewer[][] verdicts;

  /** {@code [verdicts][kind][round]}. */
  private final double[][][] sums;

  /** Pairs of one kind that were judged rightly, or else wrongly, whichever are fewer. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Fewer(int[] positions, boolean right) {
    static Fewer of(boolean[] correct, int[] ofKind) {
      int[] right = Arrays.stream(ofKind).filter(i -> correct[i]).toArray();
      return 2 * right.length <= ofKind.length
          ? new Fewer(right, true)
          : new Fewer(Arrays.stream(ofKind).filter(i -> !correct[i]).toArray(), false);
    }
  }

  /**
   * Prepares.
   *
   * @param correct verdicts, each on all pairs
   */
  WeightedVerdicts(Resampling pairs, List<boolean[]> correct) {
    this.pairs = pairs;
    int fours = Math.max(1, Math.min(ROUNDS, WEIGHTS / pairs.size()) / Fours.LANES);
    batch = fours * Fours.LANES;
    weights = new long[pairs.size()][fours];
    kinds = new int[][] {positions(pairs.same(), false), positions(pairs.same(), true)};
    totals = new double[KINDS][batch];
    divisors = new double[KINDS][batch];
    verdicts =
        correct.stream()
            .map(one -> new Fewer[] {Fewer.of(one, kinds[0]), Fewer.of(one, kinds[1])})
            .toArray(Fewer[][]::new);
    sums = new double[verdicts.length][KINDS][batch];
  }

  private static int[] positions(boolean[] same, boolean wanted) {
    return IntStream.range(0, same.length).filter(i -> same[i] == wanted).toArray();
  }

  /** How many rounds are computed together. */
  int batch() {
    return batch;
  }

  /** Computes the sums of a batch; what they are of rounds that were not drawn is no figure. */
  void add(DrawnRounds rounds) {
    int atOnce = rounds.atOnce();
    IntStream.range(0, weights.length)
        .parallel()
        .forEach(pair -> rounds.weights(pair, weights[pair]));
    for (int kind = 0; kind < KINDS; kind++) {
      Fours.sum(weights, kinds[kind], atOnce, totals[kind]);
      for (int round = 0; round < batch; round++) {
        divisors[kind][round] = Math.max(1, totals[kind][round]);
      }
    }
    IntStream.range(0, verdicts.length).parallel().forEach(place -> sum(place, atOnce));
  }

  private void sum(int place, int atOnce) {
    for (int kind = 0; kind < KINDS; kind++) {
      Fewer fewer = verdicts[place][kind];
      double[] sum = sums[place][kind];
      Fours.sum(weights, fewer.positions, atOnce, sum);
      if (!fewer.right) {
        for (int round = 0; round < sum.length; round++) {
          sum[round] = totals[kind][round] - sum[round];
        }
      }
    }
  }

  /**
   * The weighted mean of each round; same and different pairs count with their share of the set.
   *
   * @param one verdicts
   * @param other those that are taken off, or {@link #NONE}
   * @param means receives one number a round
   */
  void means(int one, int other, double[] means) {
    int sameCount = kinds[1].length;
    int size = pairs.size();
    double[] different = sums[one][0];
    double[] same = sums[one][1];
    double[] ofDifferent = divisors[0];
    double[] ofSame = divisors[1];
    if (other == NONE) {
      for (int i = 0; i < means.length; i++) {
        means[i] =
            Bootstrap.joined(different[i] / ofDifferent[i], same[i] / ofSame[i], sameCount, size);
      }
    } else {
      double[] lessDifferent = sums[other][0];
      double[] lessSame = sums[other][1];
      for (int i = 0; i < means.length; i++) {
        means[i] =
            Bootstrap.joined(
                (different[i] - lessDifferent[i]) / ofDifferent[i],
                (same[i] - lessSame[i]) / ofSame[i],
                sameCount,
                size);
      }
    }
  }
}

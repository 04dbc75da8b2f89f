package io.facet.models.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Sums of the weights of rightly judged pairs for many verdicts and a batch of rounds at once. Sums
 * are whole numbers, so that their order does not matter: of right and wrong pairs the fewer are
 * added.
 */
final class WeightedVerdicts {
  /** Instead of verdicts that are taken off. */
  static final int NONE = -1;

  /** Rounds of a batch for lists of pairs of usual length. */
  private static final int ROUNDS = 64;

  /** Weights that a batch holds at most, but for one round. */
  private static final int WEIGHTS = 1 << 22;

  private static final int KINDS = 2;

  private final Resampling pairs;
  private final int sameCount;
  private final int batch;
  private final int[] drawn;
  private final int[][] counts;

  /** {@code [pair][round]}. */
  private final int[][] weights;

  /** {@code [kind][round]}: 0 different, 1 same pairs. */
  private final int[][] totals;

  private final Fewer[][] verdicts;

  /** {@code [verdicts][kind][round]}. */
  private final int[][][] sums;

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
    batch = Math.max(1, Math.min(ROUNDS, WEIGHTS / pairs.size()));
    drawn = new int[pairs.units()];
    counts = new int[pairs.units()][batch];
    weights = new int[pairs.size()][batch];
    totals = new int[KINDS][batch];
    int[] different = positions(pairs.same(), false);
    int[] same = positions(pairs.same(), true);
    sameCount = same.length;
    verdicts =
        correct.stream()
            .map(one -> new Fewer[] {Fewer.of(one, different), Fewer.of(one, same)})
            .toArray(Fewer[][]::new);
    sums = new int[verdicts.length][KINDS][batch];
  }

  private static int[] positions(boolean[] same, boolean wanted) {
    return IntStream.range(0, same.length).filter(i -> same[i] == wanted).toArray();
  }

  /** How many rounds are computed together. */
  int batch() {
    return batch;
  }

  /** Draws one round of the next batch. */
  void draw(SplittableRandom random, int round) {
    pairs.drawUnits(random, drawn);
    for (int unit = 0; unit < drawn.length; unit++) {
      counts[unit][round] = drawn[unit];
    }
  }

  /** Computes the sums of the rounds that were drawn. */
  void add() {
    IntStream.range(0, weights.length)
        .parallel()
        .forEach(pair -> pairs.weights(pair, counts, weights[pair]));
    for (int[] total : totals) {
      Arrays.fill(total, 0);
    }
    for (int pair = 0; pair < weights.length; pair++) {
      add(totals[pairs.same()[pair] ? 1 : 0], weights[pair]);
    }
    IntStream.range(0, verdicts.length).parallel().forEach(this::sum);
  }

  private void sum(int place) {
    for (int kind = 0; kind < KINDS; kind++) {
      Fewer fewer = verdicts[place][kind];
      int[] sum = sums[place][kind];
      Arrays.fill(sum, 0);
      int i = 0;
      for (; i + 3 < fewer.positions.length; i += 4) {
        add(
            sum,
            weights[fewer.positions[i]],
            weights[fewer.positions[i + 1]],
            weights[fewer.positions[i + 2]],
            weights[fewer.positions[i + 3]]);
      }
      for (; i < fewer.positions.length; i++) {
        add(sum, weights[fewer.positions[i]]);
      }
      if (!fewer.right) {
        for (int round = 0; round < sum.length; round++) {
          sum[round] = totals[kind][round] - sum[round];
        }
      }
    }
  }

  // Plain loops, which the compiler turns into vector instructions.

  private static void add(int[] sum, int[] one) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one[i];
    }
  }

  private static void add(int[] sum, int[] one, int[] two, int[] three, int[] four) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one[i] + two[i] + (three[i] + four[i]);
    }
  }

  /**
   * The weighted mean of a round; same and different pairs count with their share of the set.
   *
   * @param one verdicts
   * @param other those that are taken off, or {@link #NONE}
   */
  double mean(int one, int other, int round) {
    return Bootstrap.joined(
        share(one, other, 0, round), share(one, other, 1, round), sameCount, pairs.size());
  }

  private double share(int one, int other, int kind, int round) {
    long sum = sums[one][kind][round];
    if (other != NONE) {
      sum -= sums[other][kind][round];
    }
    return Bootstrap.share(sum, totals[kind][round]);
  }
}

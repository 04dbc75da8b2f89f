package io.facet.models.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Sums of the weights of rightly judged pairs for many verdicts and a batch of rounds at once. Sums
 * are whole numbers, so that their order does not matter: of right and wrong pairs the fewer are
 * added, in numbers of two bytes, of which vector instructions take the most.
 */
final class WeightedVerdicts {
  /** Instead of verdicts that are taken off. */
  static final int NONE = -1;

  /** Rounds of a batch for lists of pairs of usual length. */
  private static final int ROUNDS = 256;

  /** Weights that a batch holds at most, but for one round. */
  private static final int WEIGHTS = 1 << 23;

  private static final int KINDS = 2;

  /** Units whose counts are turned from rounds to units at once: a line of the cache. */
  private static final int UNITS = 16;

  /** Its square is a number of two bytes; nothing is drawn as often in the life of the world. */
  private static final int MOST = 181;

  private final Resampling pairs;
  private final int batch;

  /** {@code [round][unit]}. */
  private final int[][] drawn;

  /** {@code [unit][round]}. */
  private final short[][] counts;

  /** {@code [pair][round]}. */
  private final short[][] weights;

  /** Positions of different and of same pairs. */
  private final int[][] kinds;

  /** {@code [kind][round]}: 0 different, 1 same pairs. */
  private final int[][] totals;

  /** What sums are divided by: the totals, or 1 where there is no pair. */
  private final double[][] divisors;

  private final Fewer[][] verdicts;

  /** {@code [verdicts][kind][round]}. */
  private final int[][][] sums;

  /** Pairs whose weights can be added before a sum needs more than two bytes. */
  private int atOnce;

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
    drawn = new int[batch][pairs.units()];
    counts = new short[pairs.units()][batch];
    weights = new short[pairs.size()][batch];
    kinds = new int[][] {positions(pairs.same(), false), positions(pairs.same(), true)};
    totals = new int[KINDS][batch];
    divisors = new double[KINDS][batch];
    verdicts =
        correct.stream()
            .map(one -> new Fewer[] {Fewer.of(one, kinds[0]), Fewer.of(one, kinds[1])})
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
    pairs.drawUnits(random, drawn[round]);
  }

  /** Computes the sums of the rounds that were drawn. */
  void add() {
    int most = 0;
    for (int first = 0; first < counts.length; first += UNITS) {
      int end = Math.min(counts.length, first + UNITS);
      for (int round = 0; round < batch; round++) {
        int[] ofRound = drawn[round];
        for (int unit = first; unit < end; unit++) {
          int count = ofRound[unit];
          most = Math.max(most, count);
          counts[unit][round] = (short) count;
        }
      }
    }
    if (most > MOST) {
      throw new IllegalStateException(
          "a round drew one of %d %d times".formatted(counts.length, most));
    }
    atOnce = Short.MAX_VALUE / Math.max(1, most * most);
    IntStream.range(0, weights.length)
        .parallel()
        .forEach(pair -> pairs.weights(pair, counts, weights[pair]));
    for (int kind = 0; kind < KINDS; kind++) {
      sum(kinds[kind], totals[kind]);
      for (int round = 0; round < batch; round++) {
        divisors[kind][round] = Math.max(1, totals[kind][round]);
      }
    }
    IntStream.range(0, verdicts.length).parallel().forEach(this::sum);
  }

  private void sum(int place) {
    for (int kind = 0; kind < KINDS; kind++) {
      Fewer fewer = verdicts[place][kind];
      int[] sum = sums[place][kind];
      sum(fewer.positions, sum);
      if (!fewer.right) {
        for (int round = 0; round < sum.length; round++) {
          sum[round] = totals[kind][round] - sum[round];
        }
      }
    }
  }

  private void sum(int[] positions, int[] sum) {
    Arrays.fill(sum, 0);
    short[] part = new short[batch];
    for (int first = 0; first < positions.length; first += atOnce) {
      int end = Math.min(positions.length, first + atOnce);
      Arrays.fill(part, (short) 0);
      int i = first;
      for (; i + 3 < end; i += 4) {
        add(
            part,
            weights[positions[i]],
            weights[positions[i + 1]],
            weights[positions[i + 2]],
            weights[positions[i + 3]]);
      }
      for (; i < end; i++) {
        add(part, weights[positions[i]]);
      }
      for (int round = 0; round < sum.length; round++) {
        sum[round] += part[round];
      }
    }
  }

  // Plain loops, which the compiler turns into vector instructions.

  private static void add(short[] sum, short[] one) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one[i];
    }
  }

  private static void add(short[] sum, short[] one, short[] two, short[] three, short[] four) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (short) (sum[i] + one[i] + two[i] + three[i] + four[i]);
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
    int[] different = sums[one][0];
    int[] same = sums[one][1];
    if (other == NONE) {
      for (int i = 0; i < means.length; i++) {
        means[i] =
            Bootstrap.joined(
                different[i] / divisors[0][i], same[i] / divisors[1][i], sameCount, size);
      }
    } else {
      int[] lessDifferent = sums[other][0];
      int[] lessSame = sums[other][1];
      for (int i = 0; i < means.length; i++) {
        means[i] =
            Bootstrap.joined(
                (different[i] - lessDifferent[i]) / divisors[0][i],
                (same[i] - lessSame[i]) / divisors[1][i],
                sameCount,
                size);
      }
    }
  }
}

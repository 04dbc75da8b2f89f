package io.facet.models.protocol;

import java.util.Arrays;
import java.util.List;

/** The means of one system, or of the difference of two, over the rounds of a bootstrap. */
final class DrawnMeans {
  /** Places of the verdicts of each seed. */
  private final int[] one;

  /** Places of the verdicts that are taken off; empty for one system. */
  private final int[] other;

  private final int rounds;
  private double[] estimates;
  private double scale;
  private Tails tails;
  private long notAbove;
  private long notBelow;

  DrawnMeans(int[] one, int[] other, int rounds) {
    this.one = one;
    this.other = other;
    this.rounds = rounds;
  }

  /**
   * Measures all pairs, before the first round.
   *
   * @param verdicts that the places are of
   */
  void begin(Resampling pairs, List<boolean[]> verdicts, double confidence) {
    byte[][] values = new byte[one.length][];
    for (int s = 0; s < values.length; s++) {
      boolean[] mine = verdicts.get(one[s]);
      values[s] =
          other.length == 0
              ? Bootstrap.numbers(mine)
              : Bootstrap.differences(mine, verdicts.get(other[s]));
    }
    Bootstrap.check(values, pairs.size(), confidence, rounds);
    estimates = Arrays.stream(values).mapToDouble(Bootstrap::mean).toArray();
    scale = pairs.scaleOfMeans(Bootstrap.meanOverSeeds(values), confidence);
    tails = new Tails(rounds, confidence);
  }

  /**
   * Takes some rounds in.
   *
   * @param picks seeds that were drawn, {@code [round][seeds]}
   */
  void add(WeightedVerdicts sums, int[][] picks) {
    int seeds = one.length;
    double[][] parts = new double[seeds][picks.length];
    for (int s = 0; s < seeds; s++) {
      double[] part = parts[s];
      sums.means(one[s], other.length == 0 ? WeightedVerdicts.NONE : other[s], part);
      double estimate = estimates[s];
      for (int round = 0; round < part.length; round++) {
        part[round] = (estimate + scale * (part[round] - estimate)) / seeds;
      }
    }
    for (int round = 0; round < picks.length; round++) {
      double mean = 0;
      for (int pick : picks[round]) {
        mean += parts[pick][round];
      }
      tails.add(mean);
      notAbove += mean <= 0 ? 1 : 0;
      notBelow += mean >= 0 ? 1 : 0;
    }
  }

  Bootstrap.Interval interval() {
    return tails.interval(Moments.mean(estimates));
  }

  Bootstrap.Comparison comparison() {
    return new Bootstrap.Comparison(interval(), Bootstrap.pValue(notAbove, notBelow, rounds));
  }
}

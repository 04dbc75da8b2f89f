package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How often intervals over drawn verification sets contain the true accuracy. */
class BootstrapCoverageTest {
  private static final double TRUTH = 0.8;
  private static final double CONFIDENCE = 0.95;
  private static final int ROUNDS = 500;

  /**
   * A kind of verification set.
   *
   * @param people in it
   * @param same same pairs of each
   * @param different different pairs for each, with others by chance
   * @param spread of how hard people are: a pair goes wrong with probability 0.2, more or less by
   *     this for each person on it
   */
  private record Design(int people, int same, int different, double spread) {
    int pairs() {
      return people * (same + different);
    }
  }

  /** People in many pairs, some much harder than others: what the pair bootstrap overlooks. */
  private static final Design CLUSTERED = new Design(50, 14, 14, 0.18);

  /** Hardly anybody twice, as on LFW. */
  private static final Design SPARSE = new Design(600, 1, 1, 0.05);

  private record Coverage(double byIdentity, double byPair, double widthByIdentity) {}

  private static Coverage cover(Design design, int trials, int systems) {
    SplittableRandom random = new SplittableRandom(20_231_129);
    int byIdentity = 0;
    int byPair = 0;
    double width = 0;
    for (int trial = 0; trial < trials; trial++) {
      boolean[] same = new boolean[design.pairs()];
      long[] left = new long[same.length];
      long[] right = new long[same.length];
      boolean[][] correct = draw(design, random, same, left, right, systems);
      Resampling people = Resampling.byIdentity(same, left, right);
      Resampling pairs = Resampling.byPair(same);
      Bootstrap.Interval wide = interval(people, correct, trial);
      Bootstrap.Interval narrow = interval(pairs, correct, trial);
      double truth = systems == 1 ? TRUTH : 0;
      byIdentity += wide.low() <= truth && truth <= wide.high() ? 1 : 0;
      byPair += narrow.low() <= truth && truth <= narrow.high() ? 1 : 0;
      width += (wide.high() - wide.low()) / (narrow.high() - narrow.low()) / trials;
    }
    return new Coverage((double) byIdentity / trials, (double) byPair / trials, width);
  }

  /** Of one system its accuracy, of two their difference. */
  private static Bootstrap.Interval interval(Resampling pairs, boolean[][] correct, int seed) {
    if (correct.length == 1) {
      return Bootstrap.accuracy(pairs, correct, CONFIDENCE, ROUNDS, seed);
    }
    return Bootstrap.compare(
            pairs,
            new boolean[][] {correct[0]},
            new boolean[][] {correct[1]},
            CONFIDENCE,
            ROUNDS,
            seed)
        .difference();
  }

  /** Systems are equally good on the whole and find different people hard. */
  private static boolean[][] draw(
      Design design,
      SplittableRandom random,
      boolean[] same,
      long[] left,
      long[] right,
      int systems) {
    int pair = 0;
    for (int person = 0; person < design.people(); person++) {
      for (int i = 0; i < design.same() + design.different(); i++) {
        same[pair] = i < design.same();
        left[pair] = person;
        right[pair] =
            same[pair]
                ? person
                : (person + 1 + random.nextInt(design.people() - 1)) % design.people();
        pair++;
      }
    }
    boolean[][] correct = new boolean[systems][same.length];
    for (boolean[] verdicts : correct) {
      double[] ease = new double[design.people()];
      for (int person = 0; person < ease.length; person++) {
        ease[person] = random.nextBoolean() ? design.spread() : -design.spread();
      }
      for (int i = 0; i < verdicts.length; i++) {
        double both =
            same[i] ? ease[(int) left[i]] : (ease[(int) left[i]] + ease[(int) right[i]]) / 2;
        verdicts[i] = random.nextDouble() < TRUTH + both;
      }
    }
    return correct;
  }

  @Test
  void intervalsByIdentityHoldWherePeopleAreInManyPairs() {
    Coverage coverage = cover(CLUSTERED, 300, 1);
    assertThat(coverage.byIdentity()).isBetween(0.91, 0.985);
    assertThat(coverage.byPair()).isLessThan(0.85);
  }

  @Test
  void intervalsOfDifferencesHoldToo() {
    Coverage coverage = cover(CLUSTERED, 300, 2);
    assertThat(coverage.byIdentity()).isBetween(0.91, 0.985);
    assertThat(coverage.byPair()).isLessThan(0.85);
  }

  @Test
  void nothingIsLostWherePeopleAreInOnePairOrTwo() {
    Coverage coverage = cover(SPARSE, 200, 1);
    assertThat(coverage.byIdentity()).isBetween(0.90, 0.99);
    assertThat(coverage.widthByIdentity()).isBetween(0.97, 1.12);
  }

  @Test
  @Tag("soak")
  void coverageIsNearTheNominalOneForManyDesigns() {
    for (Design design :
        new Design[] {
          CLUSTERED, SPARSE, new Design(30, 7, 14, 0.15), new Design(200, 7, 7, 0.1),
        }) {
      for (int systems = 1; systems <= 2; systems++) {
        Coverage coverage = cover(design, 2000, systems);
        assertThat(coverage.byIdentity())
            .as("%s, %d systems: %s", design, systems, coverage)
            .isBetween(0.92, 0.97);
      }
    }
  }
}

package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class PairedFiguresTest {
  private static final ToDoubleFunction<RocCurve> AREA = RocCurve::areaUnderCurve;

  private static double area(PairScores pairs) {
    return RocCurve.of(pairs).areaUnderCurve();
  }

  private static Bootstrap.Interval difference(PairScores one, PairScores other) {
    return PairedFigures.difference(Resampling.byPair(one.same()), one, other, AREA, 0.95, 200, 1);
  }

  /** Same pairs score higher by {@code gap}; noise is the same for all systems. */
  private static PairScores system(double gap) {
    SplittableRandom random = new SplittableRandom(5);
    double[] scores = new double[200];
    boolean[] same = new boolean[200];
    for (int i = 0; i < scores.length; i++) {
      same[i] = i % 2 == 0;
      scores[i] = random.nextDouble(-0.4, 0.4) + (same[i] ? gap : 0);
    }
    return PairScores.of(scores, same);
  }

  @Test
  void aBetterSystemHasItsWholeIntervalAboveZero() {
    Bootstrap.Interval interval = difference(system(0.5), system(0.1));
    assertThat(interval.value()).isEqualTo(area(system(0.5)) - area(system(0.1)));
    assertThat(interval.low()).isPositive().isLessThan(interval.value());
    assertThat(interval.high()).isGreaterThan(interval.value());
    assertThat(difference(system(0.5), system(0.1))).isEqualTo(interval);
  }

  @Test
  void aSystemDoesNotDifferFromItself() {
    assertThat(difference(system(0.2), system(0.2))).isEqualTo(new Bootstrap.Interval(0, 0, 0));
  }

  @Test
  void otherPairsAreRefused() {
    PairScores other = PairScores.of(new double[] {0.1, 0.2}, new boolean[] {true, false});
    assertThatThrownBy(() -> difference(system(0.2), other))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void peopleInOnePairOnlyChangeNothing() {
    PairScores one = system(0.3);
    PairScores other = system(0.2);
    Bootstrap.Interval byPair = difference(one, other);
    Bootstrap.Interval alone =
        PairedFigures.difference(
            Resampling.byIdentity(one.same(), distinct(one.size(), 0), distinct(one.size(), 1)),
            one,
            other,
            AREA,
            0.95,
            1000,
            1);
    assertThat(alone.value()).isEqualTo(byPair.value());
    assertThat(alone.high() - alone.low())
        .isBetween(0.8 * (byPair.high() - byPair.low()), 1.25 * (byPair.high() - byPair.low()));
  }

  /** Nobody twice, but on both sides of a same pair. */
  private static long[] distinct(int pairs, int side) {
    long[] people = new long[pairs];
    for (int i = 0; i < pairs; i++) {
      people[i] = i % 2 == 0 ? 2L * i : 2L * i + side;
    }
    return people;
  }
}

package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class PairedFiguresTest {
  private static final ToDoubleFunction<PairScores> AREA =
      pairs -> RocCurve.of(pairs).areaUnderCurve();

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
    Bootstrap.Interval interval =
        PairedFigures.difference(system(0.5), system(0.1), AREA, 0.95, 200, 1);
    assertThat(interval.value())
        .isEqualTo(AREA.applyAsDouble(system(0.5)) - AREA.applyAsDouble(system(0.1)));
    assertThat(interval.low()).isPositive().isLessThan(interval.value());
    assertThat(interval.high()).isGreaterThan(interval.value());
    assertThat(PairedFigures.difference(system(0.5), system(0.1), AREA, 0.95, 200, 1))
        .isEqualTo(interval);
  }

  @Test
  void aSystemDoesNotDifferFromItself() {
    assertThat(PairedFigures.difference(system(0.2), system(0.2), AREA, 0.95, 50, 1))
        .isEqualTo(new Bootstrap.Interval(0, 0, 0));
  }

  @Test
  void otherPairsAreRefused() {
    PairScores other = PairScores.of(new double[] {0.1, 0.2}, new boolean[] {true, false});
    assertThatThrownBy(() -> PairedFigures.difference(system(0.2), other, AREA, 0.95, 50, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

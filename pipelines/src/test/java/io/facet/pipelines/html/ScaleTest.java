package io.facet.pipelines.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  @Test
  void ticksAreRoundValuesBetweenTheEnds() {
    assertThat(new Scale(73.1, 96.2, false).ticks()).containsExactly(75.0, 80.0, 85.0, 90.0, 95.0);
    assertThat(new Scale(1e-3, 1, true).ticks()).containsExactly(0.001, 0.01, 0.1, 1.0);
  }

  @Test
  void aLogarithmicAxisOfLessThanAPowerOfTenHasTicksToo() {
    assertThat(new Scale(2.5, 9.4, true).ticks()).hasSizeGreaterThan(2).allMatch(t -> t > 2.5);
    assertThat(new Scale(8e4, 1.2e6, true).ticks())
        .containsExactly(100_000.0, 200_000.0, 500_000.0, 1_000_000.0);
  }

  @Test
  void equalFactorsAreEqualStepsOfALogarithmicAxis() {
    Scale scale = new Scale(1, 100, true);
    assertThat(scale.at(1)).isZero();
    assertThat(scale.at(10)).isEqualTo(0.5);
    assertThat(scale.at(100)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "0, 0", "-2, -2", "Infinity, -Infinity"})
  void oneValueOrNoneHasAnAxisToo(double lowest, double highest) {
    Scale scale = Scale.around(lowest, highest);
    assertThat(scale.low()).isLessThan(scale.high());
    assertThat(scale.ticks()).isNotEmpty().hasSizeLessThan(12);
  }

  @Test
  void noAxisBeginsAtItsEnd() {
    assertThatThrownBy(() -> new Scale(1, 1, false)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Scale(0, 1, true)).isInstanceOf(IllegalArgumentException.class);
  }
}

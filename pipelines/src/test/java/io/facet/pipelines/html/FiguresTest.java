package io.facet.pipelines.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "1234567.5 | 1.23e+06",
        "90976 | 90,976",
        "0.02371202 | 0.02371",
        "58.6100001 | 58.61",
        "-0.5 | -0.5",
        "1.63e-7 | 1.63e-07",
        "NaN | -"
      })
  void fourDigitsAreEnough(double value, String text) {
    assertThat(Figures.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.123, 0.12 s", "59.94, 59.9 s", "135.9, 2:16 min", "3723, 1:02:03 h"})
  void durationsAreInTheUnitPeopleUse(double seconds, String text) {
    assertThat(Figures.duration(seconds)).isEqualTo(text);
  }
}

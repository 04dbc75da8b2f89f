package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
  private final ProgressLine line = new ProgressLine("distill[kd#1]", 0);

  @Test
  void beforeTheFirstNewsItTellsTheTime() {
    assertThat(line.text(80, seconds(65))).isEqualTo("distill[kd#1]  1:05");
  }

  @Test
  void thePaceIsThatOfThisRunFromItsFirstNewsOn() {
    line.update(70, 600, "steps", "loss 1.2500", seconds(100));
    line.update(80, 600, "steps", "loss 1.2500", seconds(110));
    assertThat(line.text(80, seconds(110)))
        .isEqualTo(
            "distill[kd#1]  [###....................] 80 of 600 steps, 8:40 left, loss 1.2500");
    assertThat(line.text(80, seconds(120))).contains(", 8:30 left");
  }

  @Test
  void aStageOfUnknownLengthIsCounted() {
    line.update(17, 0, "images", "", seconds(1));
    assertThat(line.text(80, seconds(2))).isEqualTo("distill[kd#1]  17 images");
  }

  @Test
  void aLogGetsTheSameWithoutNameAndBar() {
    line.update(70, 600, "steps", "loss 1.2500", seconds(100));
    line.update(80, 600, "steps", "loss 1.2500", seconds(110));
    assertThat(line.said(seconds(110))).isEqualTo("80 of 600 steps, 8:40 left, loss 1.2500");
  }

  @Test
  void anotherUnitBeginsAnew() {
    line.update(10, 200, "steps", "", seconds(0));
    line.update(100, 200, "steps", "", seconds(100));
    line.update(500, 1000, "images", "", seconds(110));
    line.update(600, 1000, "images", "", seconds(120));
    assertThat(line.said(seconds(120))).isEqualTo("600 of 1000 images, 0:40 left");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 60, 79, 120, 200})
  void itFitsTheTerminal(int columns) {
    line.update(0, 123_456, "steps", "loss 12.3456", 0);
    line.update(1000, 123_456, "steps", "loss 12.3456", seconds(100));
    assertThat(line.text(columns, seconds(100))).hasSizeLessThanOrEqualTo(columns);
  }

  @Test
  void theSizeOfATerminalIsReadOrUnknown() {
    assertThat(TerminalWidth.parse("24 132\n")).contains(132);
    assertThat(TerminalWidth.parse("0 0")).isEmpty();
    assertThat(TerminalWidth.parse("")).isEmpty();
  }

  private static long seconds(long value) {
    return TimeUnit.SECONDS.toNanos(value);
  }
}

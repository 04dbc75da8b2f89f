package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.row.LeaderboardRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoFindingTest {
  private static LeaderboardRow row(
      String name, String role, String baseline, double difference, double low, double high) {
    return new LeaderboardRow(
        1,
        "drawn",
        "",
        name,
        role,
        1,
        0.8,
        0,
        0.7,
        0.9,
        Double.NaN,
        Double.NaN,
        baseline,
        difference,
        low,
        high,
        Double.NaN,
        Double.NaN,
        0.01,
        0.01,
        0.001,
        1999,
        90976);
  }

  @Test
  void aGainWhoseIntervalLiesAboveZeroIsSaidWithoutReserve() {
    List<LeaderboardRow> rows =
        List.of(
            row("teacher", "teacher", "", 0, 0, 0),
            row("feature-consistency", "student", "none", 0.0942, 0.071, 0.1179),
            row("none", "student", "", 0, 0, 0));

    assertThat(DemoFinding.of(rows, 0.95))
        .containsExactly(
            "the student distilled by feature-consistency is 9.4 points better than the same"
                + " student trained alone (95 % CI [+7.1, +11.8])");
  }

  @Test
  void aGainThatMayBeChanceIsCalledSo() {
    assertThat(DemoFinding.of(List.of(row("rkd", "student", "none", 0.02, -0.01, 0.05)), 0.999))
        .containsExactly(
            "the student distilled by rkd is 2.0 points better than the same student trained alone"
                + " (99.9 % CI [-1.0, +5.0], so it may be chance)");
  }

  @Test
  void aLossIsSaidToo() {
    assertThat(DemoFinding.of(List.of(row("rkd", "student", "start", -0.05, -0.08, -0.02)), 0.95))
        .containsExactly(
            "the student distilled by rkd is 5.0 points worse than start"
                + " (95 % CI [-8.0, -2.0])");
  }
}

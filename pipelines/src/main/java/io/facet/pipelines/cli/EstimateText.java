package io.facet.pipelines.cli;

import io.facet.pipelines.estimate.DatasetSize;
import io.facet.pipelines.estimate.Estimate;
import io.facet.pipelines.estimate.StageEstimate;
import io.facet.pipelines.report.TextTable;
import java.util.Locale;
import java.util.Map;

/** An estimate as a table, with what follows from it. */
final class EstimateText {
  private EstimateText() {}

  /**
   * The table.
   *
   * @param sampleRate the recipe's {@code identitySampleRate}
   * @param width of the student's embedding
   */
  static TextTable of(Estimate estimate, DatasetSize size, double sampleRate, int width) {
    TextTable table =
        new TextTable("stage", "measured here", "on one slot", "on " + estimate.slots(), "store");
    double bytes = 0;
    for (StageEstimate stage : estimate.stages()) {
      table.row(
          stage.name(),
          stage.measured(),
          stage.known() ? duration(stage.slotSeconds()) : "-",
          stage.known() ? duration(stage.seconds(estimate.slots())) : "-",
          stage.known() ? bytes(stage.bytes()) : "-");
      bytes += stage.known() ? stage.bytes() : 0;
    }
    table.note("%,d images; a slot as fast as those that measured".formatted(size.images()));
    Map<String, Double> seconds = estimate.stageSeconds();
    double whole = seconds.values().stream().mapToDouble(s -> s).sum();
    estimate
        .bottleneck()
        .ifPresent(
            stage ->
                table.note(
                    "%s takes longest: %s of %s"
                        .formatted(stage, duration(seconds.get(stage)), duration(whole))));
    table.note("the store grows by " + bytes(bytes));
    if (estimate.stages().stream().anyMatch(stage -> !stage.known())) {
      table.note("stages without figures are not counted: run the recipe on a part of the images");
    }
    size.identities().ifPresent(people -> head(table, people, sampleRate, width));
    return table;
  }

  /** Weights, gradients and one moment of a head, 4 bytes each. */
  private static void head(TextTable table, long people, double sampleRate, int width) {
    double all = 4.0 * people * width;
    table.note(
        "a head of %,d identities takes about %s in each training%s"
            .formatted(
                people,
                bytes(sampleRate < 1 ? 2 * all + 3 * sampleRate * all : 3 * all),
                sampleRate < 1 || people < 100_000
                    ? ""
                    : ", and every step looks at all of them: set identitySampleRate: 0.1"));
  }

  private static String duration(double seconds) {
    if (seconds < 120) {
      return "%.0f s".formatted(seconds);
    }
    return seconds < 7200 ? "%.0f min".formatted(seconds / 60) : "%.1f h".formatted(seconds / 3600);
  }

  private static String bytes(double count) {
    if (count < 1e6) {
      return "%.0f kB".formatted(count / 1e3);
    }
    return count < 1e9
        ? "%.0f MB".formatted(count / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", count / 1e9);
  }
}

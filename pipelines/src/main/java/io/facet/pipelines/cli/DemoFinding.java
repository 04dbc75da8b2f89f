package io.facet.pipelines.cli;

import io.facet.pipelines.leaderboard.LeaderboardTable;
import io.facet.transforms.row.LeaderboardRow;
import java.util.List;
import java.util.Locale;

/** What a comparison of students showed, one sentence for each student that was compared. */
final class DemoFinding {
  private DemoFinding() {}

  /**
   * The sentences.
   *
   * @param rows of the leaderboard
   * @param confidence coverage of the intervals, in 0..1
   */
  static List<String> of(List<LeaderboardRow> rows, double confidence) {
    return rows.stream()
        .filter(row -> row.role().equals("student") && !row.baseline().isEmpty())
        .map(row -> sentence(row, confidence))
        .toList();
  }

  private static String sentence(LeaderboardRow row, double confidence) {
    String baseline =
        row.baseline().equals("none") ? "the same student trained alone" : row.baseline();
    return String.format(
        Locale.ROOT,
        "the student distilled by %s is %.1f points %s than %s (%s [%+.1f, %+.1f]%s)",
        row.name(),
        100 * Math.abs(row.difference()),
        row.difference() < 0 ? "worse" : "better",
        baseline,
        LeaderboardTable.interval(confidence),
        100 * row.differenceLow(),
        100 * row.differenceHigh(),
        row.differenceLow() <= 0 && row.differenceHigh() >= 0 ? ", so it may be chance" : "");
  }
}

package io.facet.pipelines.overview;

import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.IntervalChart;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.leaderboard.LeaderboardTable;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.LeaderboardRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Accuracy of methods and teachers with intervals, drawn and as a table. */
final class LeaderboardSection {
  private static final int MOST = 60;

  private LeaderboardSection() {}

  static List<Tag> of(Findings findings) {
    List<Tag> figures = new ArrayList<>();
    String interval = LeaderboardTable.interval(findings.confidence());
    for (String set : findings.sets()) {
      List<LeaderboardRow> rows =
          findings.leaderboard().stream().filter(row -> row.set().equals(set)).limit(MOST).toList();
      if (!rows.isEmpty()) {
        figures.add(figure(set, rows, interval));
      }
    }
    List<Tag> content = new ArrayList<>();
    content.add(Page.sideBySide(figures));
    TextTable table = LeaderboardTable.of(findings.leaderboard(), findings.confidence());
    content.add(table(table));
    for (String note : table.notes()) {
      content.add(Tag.of("p", note).with("class", "quiet"));
    }
    return content;
  }

  private static Tag figure(String set, List<LeaderboardRow> rows, String interval) {
    List<IntervalChart.Row> lines =
        rows.stream()
            .map(
                row ->
                    new IntervalChart.Row(
                        name(row),
                        100 * row.accuracy(),
                        100 * row.low(),
                        100 * row.high(),
                        Figures.percent(row.accuracy()) + " %",
                        look(row)))
            .toList();
    return Page.figure(
        IntervalChart.of("Accuracy on " + set + ", best first", lines, "accuracy, %"),
        "%s: accuracy with %s, best first. Circles are students, squares are not."
            .formatted(set, interval),
        List.of());
  }

  private static String name(LeaderboardRow row) {
    return row.role().equals("student") ? row.name() : row.name() + " (" + row.role() + ")";
  }

  private static int look(LeaderboardRow row) {
    return row.role().equals("student") ? 0 : 1;
  }

  private static Tag table(TextTable text) {
    List<String> header = text.header();
    PageTable table =
        new PageTable(
            "Leaderboard",
            IntStream.range(0, header.size())
                .mapToObj(i -> i < 2 ? header.get(i) : "#" + header.get(i))
                .toArray(String[]::new));
    text.rows().stream().limit(10L * MOST).forEach(row -> table.row(row.toArray(String[]::new)));
    return table.without(Math.max(0, text.rows().size() - 10 * MOST)).tag();
  }
}

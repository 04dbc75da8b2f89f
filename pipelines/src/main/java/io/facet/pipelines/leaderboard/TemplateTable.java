package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.Protocols;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.MetricRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Figures of sets of templates, which have no accuracy to rank by: a line a figure and model. */
public final class TemplateTable {
  private TemplateTable() {}

  /**
   * Rates with an interval, models of one figure below each other, best first.
   *
   * @param evaluations artifacts of {@code evaluate[MODEL]}
   * @param confidence coverage of the intervals, in (0, 1)
   * @return empty if no set of templates was measured
   */
  public static TextTable of(Collection<Artifact> evaluations, double confidence) {
    List<MetricRow> rows =
        evaluations.stream()
            .flatMap(
                evaluation ->
                    ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics")).stream())
            .filter(TemplateTable::isRate)
            .toList();
    List<String> figures =
        rows.stream().map(row -> row.set() + " " + row.name()).distinct().toList();
    List<MetricRow> ordered = new ArrayList<>(rows);
    ordered.sort(
        Comparator.comparing(MetricRow::set)
            .thenComparing(row -> figures.indexOf(row.set() + " " + row.name()))
            .thenComparing(row -> -row.value())
            .thenComparing(MetricRow::model));
    TextTable table =
        new TextTable("set", "figure", "model", "%", LeaderboardTable.interval(confidence));
    for (MetricRow row : ordered) {
      table.row(
          row.set(),
          row.name(),
          row.model(),
          percent(row.value()),
          "[%s, %s]".formatted(percent(row.low()), percent(row.high())));
    }
    ordered.stream()
        .map(MetricRow::protocol)
        .distinct()
        .sorted()
        .forEach(protocol -> table.note("protocol: " + protocol));
    return table;
  }

  private static boolean isRate(MetricRow row) {
    return Stream.of(Protocols.IJB_TEMPLATES, Protocols.ONE_TO_N)
            .anyMatch(protocol -> row.protocol().startsWith(protocol))
        && Double.isFinite(row.low());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}

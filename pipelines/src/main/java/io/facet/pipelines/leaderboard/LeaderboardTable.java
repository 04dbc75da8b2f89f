package io.facet.pipelines.leaderboard;

import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.LeaderboardRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The leaderboard as people read it: accuracies and differences in percent. */
public final class LeaderboardTable {
  private LeaderboardTable() {}

  private record Column(String header, Function<LeaderboardRow, String> cell) {}

  /** The leaderboard without what models cost. */
  public static TextTable of(List<LeaderboardRow> rows, double confidence) {
    return of(rows, Map.of(), confidence);
  }

  /**
   * One row a method or teacher and verification set, best first; columns that say nothing are left
   * out.
   *
   * @param costs by method or teacher
   * @param confidence coverage of the intervals, in (0, 1)
   */
  static TextTable of(List<LeaderboardRow> rows, Map<String, Cost> costs, double confidence) {
    return of(rows, costs, Map.of(), confidence);
  }

  /**
   * The same with more about each model, behind its name.
   *
   * @param more by header, what to say of each method or teacher
   */
  static TextTable of(
      List<LeaderboardRow> rows,
      Map<String, Cost> costs,
      Map<String, Map<String, String>> more,
      double confidence) {
    List<Column> columns = columns(rows, costs, interval(confidence));
    int place = 2;
    for (Map.Entry<String, Map<String, String>> column : more.entrySet()) {
      columns.add(
          place++,
          new Column(column.getKey(), row -> column.getValue().getOrDefault(row.name(), "-")));
    }
    TextTable table = new TextTable(columns.stream().map(Column::header).toArray(String[]::new));
    for (LeaderboardRow row : rows) {
      table.row(columns.stream().map(column -> column.cell().apply(row)).toArray(String[]::new));
    }
    LeaderboardNotes.of(rows).forEach(table::note);
    return table;
  }

  /** {@code 95 % CI}. */
  public static String interval(double confidence) {
    return BigDecimal.valueOf(confidence).movePointRight(2).stripTrailingZeros().toPlainString()
        + " % CI";
  }

  private static List<Column> columns(
      List<LeaderboardRow> rows, Map<String, Cost> costs, String interval) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("set", LeaderboardRow::set));
    columns.add(
        new Column(
            "model", row -> row.name() + (row.role().equals("teacher") ? " (teacher)" : "")));
    boolean severalSeeds = rows.stream().anyMatch(row -> row.seeds() > 1);
    if (severalSeeds) {
      columns.add(new Column("seeds", row -> Integer.toString(row.seeds())));
    }
    columns.add(new Column("accuracy %", row -> percent("%.2f", row.accuracy())));
    columns.add(new Column(interval, row -> interval("%.2f", row.low(), row.high())));
    if (severalSeeds) {
      columns.add(
          new Column("CI over seeds", row -> overSeeds("%.2f", row.seedLow(), row.seedHigh())));
    }
    rows.stream()
        .map(LeaderboardRow::baseline)
        .filter(baseline -> !baseline.isEmpty())
        .findFirst()
        .ifPresent(baseline -> columns.addAll(comparison(baseline, severalSeeds, interval)));
    columns.add(new Column("parameters", row -> Long.toString(row.parameters())));
    cost(columns, "ms/image", costs, Cost::milliseconds);
    cost(columns, "model memory, MB", costs, cost -> cost.memory() / 1e6);
    return columns;
  }

  private static void cost(
      List<Column> columns, String header, Map<String, Cost> costs, ToDoubleFunction<Cost> figure) {
    if (costs.values().stream().mapToDouble(figure).allMatch(Double::isNaN)) {
      return;
    }
    columns.add(
        new Column(
            header,
            row -> {
              Cost cost = costs.get(row.name());
              double value = cost == null ? Double.NaN : figure.applyAsDouble(cost);
              return Double.isNaN(value) ? "-" : format("%.1f", value);
            }));
  }

  private static List<Column> comparison(String baseline, boolean severalSeeds, String interval) {
    List<Column> columns = new ArrayList<>();
    columns.add(
        new Column("Δ vs " + baseline, row -> compared(row, percent("%+.2f", row.difference()))));
    columns.add(
        new Column(
            interval + " of Δ",
            row -> compared(row, interval("%+.2f", row.differenceLow(), row.differenceHigh()))));
    if (severalSeeds) {
      columns.add(
          new Column(
              "CI of Δ over seeds",
              row -> overSeeds("%+.2f", row.differenceSeedLow(), row.differenceSeedHigh())));
    }
    columns.add(new Column("p", row -> compared(row, format("%.3f", row.adjustedPValue()))));
    return columns;
  }

  private static String overSeeds(String format, double low, double high) {
    return Double.isNaN(low) ? "-" : interval(format, low, high);
  }

  private static String compared(LeaderboardRow row, String text) {
    return row.baseline().isEmpty() ? "-" : text;
  }

  private static String interval(String format, double low, double high) {
    return "[" + percent(format, low) + ", " + percent(format, high) + "]";
  }

  private static String percent(String format, double share) {
    return format(format, 100 * share);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}

package io.facet.pipelines.leaderboard;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Students beside their exports in other precisions: what each costs, and how much accuracy the
 * export loses on the same pairs.
 */
public final class EfficiencyTable {
  /** Metric of an evaluation: 95th percentile of milliseconds an image, one thread. */
  public static final String LATE = "latency_ms_p95";

  /** Metric: median of milliseconds an image on two threads. */
  public static final String TWO_THREADS = "latency_ms_two_threads";

  /** Metric: the same, 95th percentile. */
  public static final String TWO_THREADS_LATE = "latency_ms_p95_two_threads";

  /** Metric: size of the file that is deployed. */
  public static final String BYTES = "model_bytes";

  /** Metric: multiplications with an addition for one image. */
  public static final String MULTIPLY_ADDS = "multiply_adds";

  /** Metric: most bytes a process with this model held, Java's heap aside. */
  public static final String PEAK_MEMORY = "peak_memory_bytes";

  /** Metric: how many of these came with the model. */
  public static final String MODEL_MEMORY = "model_memory_bytes";

  /** Note of an evaluation: method of the student that its model is an export of. */
  public static final String EXPORT_OF = "export of";

  private EfficiencyTable() {}

  /**
   * One row a method and set; empty if nothing was exported.
   *
   * @param evaluations artifacts of {@code evaluate[MODEL]}
   * @param confidence coverage of the intervals, in (0, 1)
   */
  public static TextTable of(
      List<Artifact> evaluations, VerificationMetrics.Options options, double confidence) {
    Map<String, List<Artifact>> families = new TreeMap<>();
    for (Artifact evaluation : evaluations) {
      exportOf(evaluation).ifPresent(name -> families.put(name, new ArrayList<>()));
    }
    for (Artifact evaluation : evaluations) {
      families
          .getOrDefault(exportOf(evaluation).orElse(method(evaluation)), new ArrayList<>())
          .add(evaluation);
    }
    boolean memory =
        families.values().stream().flatMap(List::stream).anyMatch(EfficiencyTable::hasMemory);
    List<String> header =
        new ArrayList<>(
            List.of(
                "set",
                "model",
                "accuracy %",
                "Δ vs float32",
                LeaderboardTable.interval(confidence) + " of Δ",
                "bytes",
                "multiply-adds",
                "ms/image",
                "p95",
                "ms/image, two threads",
                "p95, two threads"));
    if (memory) {
      header.addAll(List.of("peak memory, MB", "of it the model"));
    }
    TextTable table = new TextTable(header.toArray(String[]::new));
    families.forEach((name, family) -> add(table, name, family, memory, options));
    return table;
  }

  private static boolean hasMemory(Artifact evaluation) {
    return evaluation.manifest().metrics().containsKey(PEAK_MEMORY);
  }

  private static Optional<String> exportOf(Artifact evaluation) {
    return Optional.ofNullable(evaluation.manifest().notes().get(EXPORT_OF));
  }

  /** {@code cakd-int8} of {@code evaluate[cakd-int8#1]}; a teacher's evaluation has no seed. */
  private static String method(Artifact evaluation) {
    return evaluation.manifest().instance().replaceFirst("^[^\\[]*\\[(.*)#[0-9]+]$", "$1");
  }

  private static void add(
      TextTable table,
      String name,
      List<Artifact> family,
      boolean memory,
      VerificationMetrics.Options options) {
    Map<String, Map<String, Double>> costs = new TreeMap<>();
    family.forEach(one -> costs.putIfAbsent(method(one), one.manifest().metrics()));
    for (LeaderboardRow row : Leaderboard.rank(family, Optional.of(name), options)) {
      Map<String, Double> cost = costs.get(row.name());
      boolean compared = !row.baseline().isEmpty();
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.set(),
                  row.name(),
                  format("%.2f", 100 * row.accuracy()),
                  compared ? format("%+.2f", 100 * row.difference()) : "-",
                  compared
                      ? "[%s, %s]"
                          .formatted(
                              format("%+.2f", 100 * row.differenceLow()),
                              format("%+.2f", 100 * row.differenceHigh()))
                      : "-",
                  cell(cost, BYTES, "%.0f"),
                  cell(costs.getOrDefault(name, cost), MULTIPLY_ADDS, "%.0f"),
                  cell(cost, Leaderboard.LATENCY, "%.2f"),
                  cell(cost, LATE, "%.2f"),
                  cell(cost, TWO_THREADS, "%.2f"),
                  cell(cost, TWO_THREADS_LATE, "%.2f")));
      if (memory) {
        cells.addAll(List.of(megabytes(cost, PEAK_MEMORY), megabytes(cost, MODEL_MEMORY)));
      }
      table.row(cells.toArray(String[]::new));
    }
  }

  /** Megabytes of a metric in bytes, or {@code -}. */
  public static String megabytes(Map<String, Double> cost, String metric) {
    Double bytes = cost.get(metric);
    return bytes == null ? "-" : format("%.1f", bytes / 1e6);
  }

  private static String cell(Map<String, Double> cost, String metric, String format) {
    Double value = cost.get(metric);
    return value == null ? "-" : format(format, value);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}

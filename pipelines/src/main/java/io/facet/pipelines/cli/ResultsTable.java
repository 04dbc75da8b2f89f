package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.MetricRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run measured, as its last words. */
final class ResultsTable {
  private static final String EVALUATE = "evaluate";
  private static final String ACCURACY = "accuracy";

  private ResultsTable() {}

  /** One row a model and verification set, best first; empty if nothing was measured. */
  static TextTable of(RunSummary summary) {
    TextTable table =
        new TextTable("set", "model", "accuracy %", "interval", "parameters", "ms/image");
    List<MetricRow> accuracies = new ArrayList<>();
    List<Artifact> evaluations = evaluations(summary);
    for (Artifact evaluation : evaluations) {
      metrics(evaluation).stream()
          .filter(row -> row.name().equals(ACCURACY))
          .forEach(accuracies::add);
    }
    accuracies.sort(
        Comparator.comparing(MetricRow::set)
            .thenComparing(row -> -row.value())
            .thenComparing(MetricRow::model));
    for (MetricRow row : accuracies) {
      Map<String, Double> figures =
          evaluations.stream()
              .filter(e -> e.manifest().instance().equals(EVALUATE + "[" + row.model() + "]"))
              .findFirst()
              .orElseThrow()
              .manifest()
              .metrics();
      table.row(
          row.set(),
          row.model() + (row.role().equals("teacher") ? " (teacher)" : ""),
          percent(row.value()),
          "[" + percent(row.low()) + ", " + percent(row.high()) + "]",
          String.format(Locale.ROOT, "%.0f", figures.getOrDefault("parameters", 0.0)),
          figures.containsKey("milliseconds_an_image")
              ? String.format(Locale.ROOT, "%.1f", figures.get("milliseconds_an_image"))
              : "-");
    }
    return table;
  }

  /** Rows of table {@code metrics} of all models. */
  static List<MetricRow> metrics(RunSummary summary) {
    return evaluations(summary).stream().flatMap(e -> metrics(e).stream()).toList();
  }

  private static List<MetricRow> metrics(Artifact evaluation) {
    return ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics"));
  }

  private static List<Artifact> evaluations(RunSummary summary) {
    return summary.outcomes().stream()
        .filter(outcome -> outcome.name().startsWith(EVALUATE + "["))
        .flatMap(outcome -> outcome.artifact().stream())
        .toList();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}

package io.facet.pipelines.overview;

import io.facet.pipelines.html.Chart;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Scale;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.leaderboard.EfficiencyTable;
import io.facet.pipelines.leaderboard.LeaderboardTable;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.transforms.row.MetricRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Accuracy against what a model costs: parameters, milliseconds an image, memory. */
final class CostSection {
  private static final int MOST_ROWS = 200;

  private CostSection() {}

  static List<Tag> of(Findings findings) {
    Map<String, Double> parameters = new TreeMap<>();
    for (MetricRow row : findings.metrics()) {
      if (row.name().equals("parameters")) {
        parameters.put(row.model(), row.value());
      }
    }
    Map<String, Double> megabytes = new TreeMap<>();
    for (String model : parameters.keySet()) {
      Double bytes = cost(findings.run(), model).get(EfficiencyTable.MODEL_MEMORY);
      if (bytes != null && bytes > 0) {
        megabytes.put(model, bytes / 1e6);
      }
    }
    List<Tag> charts = new ArrayList<>();
    for (String set : findings.sets()) {
      if (parameters.values().stream().allMatch(value -> value > 0)) {
        charts.add(chart(findings, set, "parameters", parameters));
      }
      if (!findings.milliseconds().isEmpty()) {
        charts.add(chart(findings, set, "milliseconds an image", findings.milliseconds()));
      }
      if (!megabytes.isEmpty()) {
        charts.add(chart(findings, set, "megabytes of memory", megabytes));
      }
    }
    return List.of(Page.sideBySide(charts), table(findings, parameters));
  }

  private static Tag chart(Findings findings, String set, String cost, Map<String, Double> costs) {
    List<MetricRow> points =
        findings.metrics().stream()
            .filter(row -> row.set().equals(set) && row.name().equals("accuracy"))
            .filter(row -> costs.containsKey(row.model()) && shown(findings, row.model()))
            .toList();
    double[] xs = points.stream().mapToDouble(row -> costs.get(row.model())).toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (MetricRow row : points) {
      low = Math.min(low, 100 * (Double.isNaN(row.low()) ? row.value() : row.low()));
      high = Math.max(high, 100 * (Double.isNaN(row.high()) ? row.value() : row.high()));
    }
    double least = Arrays.stream(xs).min().orElse(Double.NaN);
    double most = Arrays.stream(xs).max().orElse(Double.NaN);
    Chart chart =
        new Chart(
            "Accuracy on %s against %s".formatted(set, cost),
            Scale.logAround(least, most),
            cost + ", logarithmic",
            Scale.around(low, high),
            "accuracy, %");
    for (int i = 0; i < xs.length; i++) {
      MetricRow row = points.get(i);
      chart.point(
          xs[i], 100 * row.value(), 100 * row.low(), 100 * row.high(), findings.style(row.model()));
    }
    return Page.figure(
        chart.svg(),
        "%s: accuracy with %s against %s. Further left and higher is better."
            .formatted(set, LeaderboardTable.interval(findings.confidence()), cost),
        findings.legend());
  }

  private static boolean shown(Findings findings, String model) {
    return findings.drawn().stream().map(EvaluatedModel::name).anyMatch(model::equals);
  }

  private static Tag table(Findings findings, Map<String, Double> parameters) {
    ReportedRun run = findings.run();
    boolean memory = parameters.keySet().stream().anyMatch(model -> !peak(run, model).equals("-"));
    List<String> header =
        new ArrayList<>(List.of("model", "#parameters", "#ms/image", "network ran on"));
    if (memory) {
      header.addAll(List.of("#peak memory, MB", "#of it the model"));
    }
    header.add("#mean accuracy over sets, %");
    PageTable table = new PageTable("What the models cost", header.toArray(String[]::new));
    parameters.keySet().stream()
        .limit(MOST_ROWS)
        .forEach(
            model -> {
              List<String> cells =
                  new ArrayList<>(
                      List.of(
                          model,
                          Figures.count(Math.round(parameters.get(model))),
                          findings.milliseconds().containsKey(model)
                              ? Figures.format("%.1f", findings.milliseconds().get(model))
                              : "-",
                          note(run, model, "latency")));
              if (memory) {
                cells.add(peak(run, model));
                cells.add(
                    EfficiencyTable.megabytes(cost(run, model), EfficiencyTable.MODEL_MEMORY));
              }
              cells.add(
                  Figures.percent(
                      findings.sets().stream()
                          .mapToDouble(set -> findings.figure(model, set, "accuracy"))
                          .filter(value -> !Double.isNaN(value))
                          .average()
                          .orElse(Double.NaN)));
              table.row(cells.toArray(String[]::new));
            });
    return table.without(Math.max(0, parameters.size() - MOST_ROWS)).tag();
  }

  /** Megabytes, or why they were not measured. */
  private static String peak(ReportedRun run, String model) {
    return cost(run, model).containsKey(EfficiencyTable.PEAK_MEMORY)
        ? EfficiencyTable.megabytes(cost(run, model), EfficiencyTable.PEAK_MEMORY)
        : note(run, model, EfficiencyTable.PEAK_MEMORY);
  }

  private static Map<String, Double> cost(ReportedRun run, String model) {
    return run.artifact("evaluate[%s]".formatted(model))
        .map(artifact -> artifact.manifest().metrics())
        .orElse(Map.of());
  }

  private static String note(ReportedRun run, String model, String name) {
    return run.artifact("evaluate[%s]".formatted(model))
        .map(artifact -> artifact.manifest().notes().getOrDefault(name, "-"))
        .orElse("-");
  }
}

package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.html.SeriesStyle;
import io.facet.pipelines.leaderboard.Leaderboard;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run measured, read once for all sections.
 *
 * @param run the run
 * @param leaderboard by set and rank; empty if the run did not come so far
 * @param metrics of all models
 * @param drawn the models that charts show, the best first; at most as many as can be told apart
 * @param milliseconds an image by model, where measured
 * @param confidence coverage of the intervals, in (0, 1)
 */
record Findings(
    ReportedRun run,
    List<LeaderboardRow> leaderboard,
    List<MetricRow> metrics,
    List<EvaluatedModel> drawn,
    Map<String, Double> milliseconds,
    double confidence) {

  /** Worst pairs of each kind, model and set on the page. */
  static final int WORST = 5;

  private static final double USUAL_CONFIDENCE = 0.95;

  static Findings read(ReportedRun run) {
    List<LeaderboardRow> leaderboard =
        run.artifact(Stages.EVALUATE).stream()
            .flatMap(a -> rows(LeaderboardRow.class, a, Leaderboard.TABLE).stream())
            .sorted(
                Comparator.comparing(LeaderboardRow::set).thenComparingInt(LeaderboardRow::rank))
            .toList();
    Map<String, Artifact> evaluations = new LinkedHashMap<>();
    List<MetricRow> metrics = new ArrayList<>();
    Map<String, Double> milliseconds = new LinkedHashMap<>();
    run.withTable("scores")
        .forEach(
            evaluation -> {
              List<MetricRow> figures = rows(MetricRow.class, evaluation, "metrics");
              metrics.addAll(figures);
              String model = figures.get(0).model();
              evaluations.put(model, evaluation);
              Double time = evaluation.manifest().metrics().get(Leaderboard.LATENCY);
              if (time != null) {
                milliseconds.put(model, time);
              }
            });
    List<EvaluatedModel> drawn =
        drawn(metrics).stream()
            .map(model -> EvaluatedModel.read(model, evaluations.get(model), WORST))
            .toList();
    double confidence =
        run.artifact(Stages.EVALUATE)
            .map(a -> a.manifest().recipe().path("confidence").asDouble(USUAL_CONFIDENCE))
            .orElse(USUAL_CONFIDENCE);
    return new Findings(run, leaderboard, metrics, drawn, milliseconds, confidence);
  }

  private static <T> List<T> rows(Class<T> type, Artifact artifact, String table) {
    return ParquetTable.readAll(type, artifact.tableUris(table));
  }

  /** The first seed of each method before further seeds; among these, the most accurate first. */
  private static List<String> drawn(List<MetricRow> metrics) {
    Map<String, Double> accuracy = new LinkedHashMap<>();
    Map<String, String> method = new LinkedHashMap<>();
    for (MetricRow row : metrics) {
      method.putIfAbsent(row.model(), row.method().isEmpty() ? row.model() : row.method());
      accuracy.merge(row.model(), row.name().equals("accuracy") ? row.value() : 0, Double::sum);
    }
    Set<String> seen = new HashSet<>();
    Set<String> further = new HashSet<>();
    method.forEach(
        (model, of) -> {
          if (!seen.add(of)) {
            further.add(model);
          }
        });
    return accuracy.keySet().stream()
        .sorted(
            Comparator.comparing((String model) -> further.contains(model))
                .thenComparing(model -> -accuracy.get(model)))
        .limit(SeriesStyle.COUNT)
        .toList();
  }

  /** Verification sets that were measured, in order. */
  List<String> sets() {
    return metrics.stream()
        .map(MetricRow::set)
        .filter(set -> !set.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /** A figure of a model on a set. */
  double figure(String model, String set, String name) {
    return metrics.stream()
        .filter(row -> row.model().equals(model) && row.set().equals(set))
        .filter(row -> row.name().equals(name))
        .mapToDouble(MetricRow::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** The look of a model in all charts; models that no chart shows have the last one. */
  int style(String model) {
    for (int i = 0; i < drawn.size(); i++) {
      if (drawn.get(i).name().equals(model)) {
        return i;
      }
    }
    return SeriesStyle.COUNT - 1;
  }

  /** Names and looks of the drawn models. */
  List<SeriesStyle.Named> legend() {
    return drawn.stream()
        .map(model -> new SeriesStyle.Named(model.name(), style(model.name())))
        .toList();
  }

  /** Whether there are models that charts leave out. */
  long leftOut() {
    return metrics.stream().map(MetricRow::model).distinct().count() - drawn.size();
  }
}

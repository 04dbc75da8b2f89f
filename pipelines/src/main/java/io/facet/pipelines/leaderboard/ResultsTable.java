package io.facet.pipelines.leaderboard;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.score.VerificationMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run measured, as its last words. */
public final class ResultsTable {
  private static final String EVALUATE = "evaluate";

  private ResultsTable() {}

  /**
   * The leaderboard with each model's time and memory; empty if nothing was ranked.
   *
   * @param confidence coverage of the intervals, in (0, 1)
   */
  public static TextTable of(RunSummary summary, double confidence) {
    List<LeaderboardRow> rows = leaderboard(summary);
    Map<String, Cost> costs = new TreeMap<>();
    evaluations(summary)
        .forEach(
            evaluation -> {
              MetricRow any = metrics(evaluation).get(0);
              String name = any.method().isEmpty() ? any.model() : any.method();
              costs.putIfAbsent(name, Cost.of(evaluation.manifest().metrics()));
            });
    return LeaderboardTable.of(rows, costs, confidence);
  }

  /** Figures of sets of templates; empty if there are none. */
  public static TextTable templates(RunSummary summary, double confidence) {
    return TemplateTable.of(evaluations(summary).toList(), confidence);
  }

  /** Students beside their exports; empty if there are none. */
  public static TextTable efficiency(
      RunSummary summary, VerificationMetrics.Options options, double confidence) {
    return EfficiencyTable.of(evaluations(summary).toList(), options, confidence);
  }

  /** Rows of table {@code leaderboard}; empty if the run did not come so far. */
  public static List<LeaderboardRow> leaderboard(RunSummary summary) {
    return summary.outcomes().stream()
        .filter(outcome -> outcome.name().equals(EVALUATE))
        .flatMap(outcome -> outcome.artifact().stream())
        .flatMap(
            artifact ->
                ParquetTable.readAll(LeaderboardRow.class, artifact.tableUris("leaderboard"))
                    .stream())
        .sorted(Comparator.comparing(LeaderboardRow::set).thenComparingInt(LeaderboardRow::rank))
        .toList();
  }

  /** Rows of table {@code metrics} of all models. */
  public static List<MetricRow> metrics(RunSummary summary) {
    return evaluations(summary).flatMap(e -> metrics(e).stream()).toList();
  }

  private static List<MetricRow> metrics(Artifact evaluation) {
    return ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics"));
  }

  private static Stream<Artifact> evaluations(RunSummary summary) {
    return summary.outcomes().stream()
        .filter(outcome -> outcome.name().startsWith(EVALUATE + "["))
        .flatMap(outcome -> outcome.artifact().stream());
  }
}

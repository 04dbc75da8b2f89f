package io.facet.pipelines.leaderboard;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.Outcomes;
import io.facet.transforms.score.ScoredPairs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What leaderboards and gates read of an artifact of {@code evaluate[MODEL]}. */
public final class Evaluations {
  /** Table of what was judged rightly; evaluations of 0.1 have their scores only. */
  public static final String OUTCOMES = "outcomes";

  private static final String ACCURACY = "accuracy";
  private static final String PARAMETERS = "parameters";
  private static final String IDENTITIES = "identities";

  private Evaluations() {}

  /** What an evaluation says, one a set. */
  static List<Leaderboard.Measured> measured(
      Artifact evaluation, Function<MetricRow, Leaderboard.Identity> naming) {
    List<MetricRow> metrics =
        ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics"));
    Map<String, Outcomes> outcomes = outcomes(evaluation);
    long parameters =
        metrics.stream()
            .filter(row -> row.name().equals(PARAMETERS))
            .mapToLong(row -> (long) row.value())
            .findFirst()
            .orElse(0);
    return metrics.stream()
        .filter(row -> row.name().equals(ACCURACY))
        .map(
            row ->
                new Leaderboard.Measured(
                    naming.apply(row),
                    row,
                    parameters,
                    Optional.ofNullable(outcomes.get(row.set()))
                        .orElseThrow(
                            () ->
                                new DataException(
                                    "%s has an accuracy on %s and none of its pairs; delete the artifact and run the recipe again"
                                        .formatted(evaluation.uri(), row.set())))))
        .toList();
  }

  /** By set; where they were not kept, from the scores. */
  private static Map<String, Outcomes> outcomes(Artifact evaluation) {
    Map<String, Outcomes> outcomes = new HashMap<>();
    if (evaluation.manifest().table(OUTCOMES).isPresent()) {
      ParquetTable.readAll(OutcomeRow.class, evaluation.tableUris(OUTCOMES)).stream()
          .collect(Collectors.groupingBy(OutcomeRow::set))
          .forEach((set, rows) -> outcomes.put(set, Outcomes.of(rows)));
      return outcomes;
    }
    scores(evaluation).forEach((set, scores) -> outcomes.put(set, Outcomes.of(scores)));
    return outcomes;
  }

  /** Its scored pairs by set, row after row, with who is on them as far as that was kept. */
  public static Map<String, ScoredPairs> scores(Artifact evaluation) {
    try (ParquetTable.Rows<ScoreRow> rows =
        ParquetTable.read(ScoreRow.class, evaluation.tableUris("scores"))) {
      return ScoredPairs.bySet(rows, people(evaluation));
    }
  }

  private static Map<String, Map<String, Long>> people(Artifact evaluation) {
    Map<String, Map<String, Long>> people = new HashMap<>();
    if (evaluation.manifest().table(IDENTITIES).isPresent()) {
      try (ParquetTable.Rows<IdentityRow> rows =
          ParquetTable.read(IdentityRow.class, evaluation.tableUris(IDENTITIES))) {
        rows.forEach(row -> row.addTo(people.computeIfAbsent(row.set(), set -> new HashMap<>())));
      }
    }
    return people;
  }
}

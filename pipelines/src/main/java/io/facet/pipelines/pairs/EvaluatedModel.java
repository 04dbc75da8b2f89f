package io.facet.pipelines.pairs;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.ScoreRow;
import java.util.Collections;
import java.util.SortedMap;

/**
 * One model's scores on all verification sets.
 *
 * @param name of the model in the run
 * @param evaluation the artifact they come from
 * @param sets by name
 */
public record EvaluatedModel(String name, Artifact evaluation, SortedMap<String, ScoredSet> sets) {

  /**
   * Reads the table {@code scores} of an evaluation, row by row.
   *
   * @param kept so many of the worst pairs of each kind and set are remembered
   */
  public static EvaluatedModel read(String name, Artifact evaluation, int kept) {
    try (ParquetTable.Rows<ScoreRow> rows =
        ParquetTable.read(ScoreRow.class, evaluation.tableUris("scores"))) {
      return new EvaluatedModel(
          name, evaluation, Collections.unmodifiableSortedMap(ScoredSet.bySet(rows, kept)));
    }
  }
}

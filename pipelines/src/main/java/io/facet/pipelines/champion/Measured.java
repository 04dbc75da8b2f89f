package io.facet.pipelines.champion;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the gate knows of one model.
 *
 * @param scores of all pairs by verification set
 * @param people by verification set, who is on its images; sets where nobody knows are left out
 * @param parameters of the network
 * @param milliseconds an image; empty if not measured
 */
public record Measured(
    Map<String, List<ScoreRow>> scores,
    Map<String, Map<String, Long>> people,
    double parameters,
    OptionalDouble milliseconds) {

  /** From an artifact of {@code evaluate[MODEL]} and the people of its sets. */
  public static Measured of(
      Artifact evaluation, Map<String, Map<String, Long>> people, OptionalDouble milliseconds) {
    return new Measured(
        ParquetTable.readAll(ScoreRow.class, evaluation.tableUris("scores")).stream()
            .collect(Collectors.groupingBy(ScoreRow::set, TreeMap::new, Collectors.toList())),
        people,
        evaluation.manifest().metrics().getOrDefault("parameters", 0.0),
        milliseconds);
  }

  /**
   * Its scores of the pairs of a set that another model judged as well.
   *
   * @throws DataException if there are none
   */
  ScoredPairs common(String set, Measured other) {
    Map<Integer, ScoreRow> theirs =
        other.scores.getOrDefault(set, List.of()).stream()
            .collect(Collectors.toMap(ScoreRow::position, Function.identity()));
    List<ScoreRow> common =
        scores.getOrDefault(set, List.of()).stream()
            .filter(row -> samePair(row, theirs.get(row.position())))
            .toList();
    if (common.isEmpty()) {
      throw new DataException(
          "candidate and champion have no pair of '%s' in common".formatted(set));
    }
    return ScoredPairs.of(common, people.getOrDefault(set, Map.of()));
  }

  private static boolean samePair(ScoreRow one, ScoreRow other) {
    return other != null
        && one.same() == other.same()
        && one.leftImageId().equals(other.leftImageId())
        && one.rightImageId().equals(other.rightImageId());
  }
}

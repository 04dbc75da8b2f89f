package io.facet.pipelines.trace;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.ScoreRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A figure back to the pictures it was measured on and the training behind its model.
 *
 * @param figures of the model on the set
 * @param pairs scored
 * @param same of these, pairs of one person
 * @param folds different ones
 * @param faces different ones in the pairs
 * @param images different ones in the pairs
 * @param shown some of the pairs, in the order of their list
 * @param origin of the evaluation
 */
public record FigureTrace(
    List<Figure> figures,
    long pairs,
    long same,
    int folds,
    int faces,
    int images,
    List<Pair> shown,
    Origin origin) {

  /**
   * What was asked for.
   *
   * @param model its name in the run
   * @param set empty: the only one the model was measured on
   * @param metric empty: all
   * @param run beginning of a run's id; empty: the newest evaluation
   */
  public record Asked(String model, String set, String metric, String run) {

    /** Of {@code MODEL}, {@code MODEL/SET} or {@code MODEL/SET/METRIC}. */
    public static Asked parse(String text, String run) {
      String[] parts = text.split("/", 3);
      return new Asked(
          parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "", run);
    }
  }

  /** One figure; {@code low} and {@code high} are null without an interval. */
  public record Figure(
      String model,
      String set,
      String name,
      String protocol,
      double value,
      Optional<Double> low,
      Optional<Double> high) {
    static Figure of(MetricRow row) {
      return new Figure(
          row.model(),
          row.set(),
          row.name(),
          row.protocol(),
          row.value(),
          finite(row.low()),
          finite(row.high()));
    }

    private static Optional<Double> finite(double value) {
      return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }
  }

  /** A pair with its two pictures. */
  public record Pair(
      int position, int fold, boolean same, double score, Picture left, Picture right) {}

  /**
   * A picture.
   *
   * @param name in its source, empty if the sources are no longer in the store
   * @param file it comes from, empty if its source made it
   */
  public record Picture(
      String faceId, String imageId, String source, String name, String identity, String file) {}

  /**
   * Traces a figure.
   *
   * @param rows pairs shown at most
   * @return empty if no evaluation has such a model
   * @throws DataException if it was measured on other sets, or by other names, than asked for
   */
  public static Optional<FigureTrace> of(StoreGraph graph, Asked asked, int rows, Path store) {
    for (Artifact evaluation : graph.of(Stages.EVALUATE)) {
      if (evaluation.manifest().table("metrics").isPresent()
          && evaluation.manifest().originRun().startsWith(asked.run())) {
        List<MetricRow> all =
            ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics")).stream()
                .filter(row -> row.model().equals(asked.model()) && !row.set().isEmpty())
                .toList();
        if (!all.isEmpty()) {
          return Optional.of(trace(graph, evaluation, chosen(all, asked), rows, store));
        }
      }
    }
    return Optional.empty();
  }

  private static List<MetricRow> chosen(List<MetricRow> all, Asked asked) {
    TreeSet<String> sets = new TreeSet<>(all.stream().map(MetricRow::set).toList());
    if (asked.set().isEmpty() ? sets.size() > 1 : !sets.contains(asked.set())) {
      throw new DataException(
          "'%s' was measured on %s; name one: %s/%s"
              .formatted(asked.model(), String.join(", ", sets), asked.model(), sets.first()));
    }
    String set = asked.set().isEmpty() ? sets.first() : asked.set();
    List<MetricRow> found =
        all.stream()
            .filter(row -> row.set().equals(set))
            .filter(row -> asked.metric().isEmpty() || row.name().equals(asked.metric()))
            .toList();
    if (found.isEmpty()) {
      throw new DataException(
          "'%s' has no figure '%s' on %s; it has %s"
              .formatted(
                  asked.model(),
                  asked.metric(),
                  set,
                  String.join(
                      ", ",
                      new TreeSet<>(
                          all.stream()
                              .filter(row -> row.set().equals(set))
                              .map(MetricRow::name)
                              .toList()))));
    }
    return found;
  }

  private static FigureTrace trace(
      StoreGraph graph, Artifact evaluation, List<MetricRow> figures, int rows, Path store) {
    String set = figures.get(0).set();
    long pairs = 0;
    long same = 0;
    Set<Integer> folds = new HashSet<>();
    Set<String> faces = new HashSet<>();
    Set<String> images = new HashSet<>();
    FirstPairs first = new FirstPairs(rows);
    try (ParquetTable.Rows<ScoreRow> scores =
        ParquetTable.read(ScoreRow.class, evaluation.tableUris("scores"))) {
      for (ScoreRow row : scores) {
        if (row.set().equals(set)) {
          pairs++;
          same += row.same() ? 1 : 0;
          folds.add(row.fold());
          faces.addAll(List.of(row.leftFaceId(), row.rightFaceId()));
          images.addAll(List.of(row.leftImageId(), row.rightImageId()));
          first.add(row);
        }
      }
    }
    return new FigureTrace(
        figures.stream().map(Figure::of).toList(),
        pairs,
        same,
        folds.size(),
        faces.size(),
        images.size(),
        pictures(graph, evaluation, set, first.inOrder()),
        Origin.of(graph, evaluation, store));
  }

  /** The pairs with the names of their images, read of the sources in one pass. */
  private static List<Pair> pictures(
      StoreGraph graph, Artifact evaluation, String set, List<ScoreRow> rows) {
    Map<String, SampleRow> names = new HashMap<>();
    Optional<Artifact> ingest = graph.nearest(evaluation, Stages.INGEST);
    Set<String> wanted = new HashSet<>();
    rows.forEach(row -> wanted.addAll(List.of(row.leftImageId(), row.rightImageId())));
    if (ingest.isPresent() && !wanted.isEmpty()) {
      try (ParquetTable.Rows<SampleRow> samples =
          ParquetTable.read(SampleRow.class, ingest.get().tableUris("samples"))) {
        for (SampleRow sample : samples) {
          if (sample.split().equals(set) && wanted.contains(sample.imageId())) {
            names.put(sample.imageId(), sample);
          }
        }
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (ScoreRow row : rows) {
      pairs.add(
          new Pair(
              row.position(),
              row.fold(),
              row.same(),
              row.score(),
              picture(ingest, row.leftFaceId(), names.get(row.leftImageId()), row.leftImageId()),
              picture(
                  ingest, row.rightFaceId(), names.get(row.rightImageId()), row.rightImageId())));
    }
    return pairs;
  }

  private static Picture picture(
      Optional<Artifact> ingest, String faceId, SampleRow sample, String imageId) {
    return sample == null
        ? new Picture(faceId, imageId, "", "", "", "")
        : new Picture(
            faceId,
            imageId,
            sample.source(),
            sample.name(),
            sample.identity(),
            SourceText.file(
                ingest.orElseThrow().manifest().recipe(), sample.source(), sample.name()));
  }
}

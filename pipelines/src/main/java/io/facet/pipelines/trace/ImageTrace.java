package io.facet.pipelines.trace;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ModelStages;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All that an image touched in a store. Tables are read row by row, only in the columns that count.
 *
 * @param imageId SHA-256 of its bytes
 * @param format {@code jpeg} ..., empty if no ingest took it
 * @param width in pixels, 0 if unknown
 * @param height in pixels, 0 if unknown
 * @param samples its names
 * @param rejects why stages left it out
 * @param faces cut from it
 * @param pairs of verification sets with it
 * @param scores of these pairs by models
 * @param artifacts that hold rows of it
 * @param models that were trained with it, or chosen by it
 */
public record ImageTrace(
    String imageId,
    String format,
    int width,
    int height,
    List<Sample> samples,
    List<Reject> rejects,
    List<Face> faces,
    List<Pair> pairs,
    List<Score> scores,
    List<Holder> artifacts,
    List<Model> models) {

  /**
   * A name.
   *
   * @param file it comes from, empty if the source made it
   */
  public record Sample(
      String ingest, String source, String name, String identity, String split, String file) {}

  /** A dead letter. */
  public record Reject(String artifact, String source, String name, String reason, String detail) {}

  /** A face. */
  public record Face(
      String align,
      String faceId,
      int faceIndex,
      float score,
      float eyeDistance,
      float sharpness) {}

  /**
   * A pair.
   *
   * @param other the other image
   */
  public record Pair(
      String ingest, String set, int position, int fold, boolean same, String other) {}

  /** What a model said of a pair. */
  public record Score(
      String evaluation, String model, String set, int position, boolean same, double score) {}

  /**
   * An artifact with rows of the image.
   *
   * @param tables rows by table
   */
  public record Holder(String instance, String fingerprint, String run, Map<String, Long> tables) {}

  /**
   * A model.
   *
   * @param uses splits of the image in the data it was made from: {@code train}, {@code validation}
   */
  public record Model(String instance, String fingerprint, String run, List<String> uses) {}

  /** Columns of table {@code images}. */
  private record Header(String imageId, String format, int width, int height) {}

  /** Columns of table {@code faces}. */
  private record FaceColumns(
      String faceId,
      String imageId,
      int faceIndex,
      float score,
      float eyeDistance,
      float sharpness) {}

  /** The column that tables of face outputs share. */
  private record FaceColumn(String faceId) {}

  /** Columns of table {@code scores}. */
  private record ScoreColumns(
      String model,
      String set,
      int position,
      boolean same,
      String leftImageId,
      String rightImageId,
      double score) {
    boolean has(String image) {
      return leftImageId.equals(image) || rightImageId.equals(image);
    }
  }

  /** The column of table {@code identities}. */
  private record ImageColumn(String imageId) {}

  /** Follows an image through a store. */
  public static ImageTrace of(StoreGraph graph, String imageId) {
    return new Following(graph, imageId).trace();
  }

  private static final class Following {
    private final StoreGraph graph;
    private final String image;
    private final List<Sample> samples = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();
    private final List<Face> faces = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Score> scores = new ArrayList<>();
    private final List<Holder> holders = new ArrayList<>();
    private final Map<String, TreeSet<String>> learnt = new LinkedHashMap<>();
    private Header header;
    private Artifact at;
    private Map<String, Long> rows;

    Following(StoreGraph graph, String image) {
      this.graph = graph;
      this.image = image;
      this.header = new Header(image, "", 0, 0);
    }

    ImageTrace trace() {
      follow(Stages.INGEST, this::ingest);
      follow(Stages.ALIGN, this::align);
      follow(Stages.PACK, () -> count("pack", FaceColumn.class, this::isOurs));
      follow(Stages.PROMPT, () -> count("teacher_features", FaceColumn.class, this::isOurs));
      follow(Stages.EVALUATE, this::evaluation);
      return new ImageTrace(
          image,
          header.format(),
          header.width(),
          header.height(),
          samples,
          rejects,
          faces,
          pairs,
          scores,
          holders,
          models());
    }

    private void follow(String stage, Runnable read) {
      for (Artifact artifact : graph.of(stage)) {
        at = artifact;
        rows = new LinkedHashMap<>();
        read.run();
        if (!rows.isEmpty()) {
          holders.add(
              new Holder(
                  artifact.manifest().instance(),
                  artifact.manifest().fingerprint(),
                  artifact.manifest().originRun(),
                  rows));
        }
      }
    }

    private void ingest() {
      String fingerprint = at.manifest().fingerprint();
      take("images", Header.class, row -> row.imageId().equals(image)).forEach(h -> header = h);
      for (SampleRow row : take("samples", SampleRow.class, r -> r.imageId().equals(image))) {
        String file = SourceText.file(at.manifest().recipe(), row.source(), row.name());
        samples.add(
            new Sample(fingerprint, row.source(), row.name(), row.identity(), row.split(), file));
        if (row.split().equals(SampleRow.TRAIN) || row.split().equals(SampleRow.VALIDATION)) {
          learnt.computeIfAbsent(fingerprint, f -> new TreeSet<>()).add(row.split());
        }
      }
      for (PairRow row :
          take(
              "pairs",
              PairRow.class,
              r -> r.leftImageId().equals(image) || r.rightImageId().equals(image))) {
        String other = row.leftImageId().equals(image) ? row.rightImageId() : row.leftImageId();
        pairs.add(new Pair(fingerprint, row.set(), row.position(), row.fold(), row.same(), other));
      }
      rejects();
    }

    private void align() {
      for (FaceColumns row : take("faces", FaceColumns.class, r -> r.imageId().equals(image))) {
        faces.add(
            new Face(
                at.manifest().fingerprint(),
                row.faceId(),
                row.faceIndex(),
                row.score(),
                row.eyeDistance(),
                row.sharpness()));
      }
      rejects();
    }

    private void evaluation() {
      count("embeddings", FaceColumn.class, this::isOurs);
      count("identities", ImageColumn.class, row -> row.imageId().equals(image));
      for (ScoreColumns row : take("scores", ScoreColumns.class, r -> r.has(image))) {
        scores.add(
            new Score(
                at.manifest().fingerprint(),
                row.model(),
                row.set(),
                row.position(),
                row.same(),
                row.score()));
      }
      rejects();
    }

    private void rejects() {
      for (RejectRow row : take("rejects", RejectRow.class, r -> r.imageId().equals(image))) {
        rejects.add(
            new Reject(
                at.manifest().fingerprint(), row.source(), row.name(), row.reason(), row.detail()));
      }
    }

    private boolean isOurs(FaceColumn row) {
      return row.faceId().startsWith(image);
    }

    private <T> void count(String table, Class<T> type, Predicate<T> ours) {
      each(table, type, ours, row -> {});
    }

    private <T> List<T> take(String table, Class<T> type, Predicate<T> ours) {
      List<T> taken = new ArrayList<>();
      each(table, type, ours, taken::add);
      return taken;
    }

    /** Some artifacts of a stage have not all of its tables. */
    private <T> void each(String table, Class<T> type, Predicate<T> ours, Consumer<T> consumer) {
      if (at.manifest().table(table).isEmpty()) {
        return;
      }
      try (ParquetTable.Rows<T> all = ParquetTable.read(type, at.tableUris(table))) {
        for (T row : all) {
          if (ours.test(row)) {
            rows.merge(table, 1L, Long::sum);
            consumer.accept(row);
          }
        }
      }
    }

    private List<Model> models() {
      Map<String, TreeSet<String>> uses = new LinkedHashMap<>();
      learnt.forEach(
          (ingest, splits) ->
              graph
                  .descendants(List.of(ingest))
                  .forEach(
                      made ->
                          uses.computeIfAbsent(made.manifest().fingerprint(), f -> new TreeSet<>())
                              .addAll(splits)));
      List<Model> models = new ArrayList<>();
      List<String> stages = new ArrayList<>(ModelStages.NAMES);
      stages.add(Stages.PUBLISH);
      for (String stage : stages) {
        for (Artifact made : graph.of(stage)) {
          String fingerprint = made.manifest().fingerprint();
          if (uses.containsKey(fingerprint)) {
            models.add(
                new Model(
                    made.manifest().instance(),
                    fingerprint,
                    made.manifest().originRun(),
                    List.copyOf(uses.get(fingerprint))));
          }
        }
      }
      return models;
    }
  }
}

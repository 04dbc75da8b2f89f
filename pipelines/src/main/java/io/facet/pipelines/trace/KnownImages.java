package io.facet.pipelines.trace;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Finds images of a store by what a person has at hand: a file, an id or a part of it, a name. */
public final class KnownImages {
  /** Digits of an id that are asked for at least. */
  public static final int SHORTEST_PREFIX = 6;

  private static final int ID_LENGTH = 64;
  private static final int SHOWN = 5;

  private final StoreGraph graph;

  /** What is read of a table that has image ids. */
  private record ImageId(String imageId) {}

  /** In this store. */
  public KnownImages(StoreGraph graph) {
    this.graph = graph;
  }

  /** Whether a text could be an id or its beginning. */
  public static boolean looksLikeId(String text) {
    return text.matches("[0-9a-f]{%d,%d}".formatted(SHORTEST_PREFIX, ID_LENGTH));
  }

  /**
   * The image that a text names: a file of this machine, an id or its beginning, or a name in a
   * source.
   *
   * @return its id; empty if the store knows no such image
   * @throws RecipeException if the text fits several images
   */
  public Optional<String> find(String text) {
    Path file = Path.of(text);
    if (Files.isRegularFile(file)) {
      return known(FileDigests.sha256(NamedFile.read(file)));
    }
    if (looksLikeId(text)) {
      Optional<String> byId = one(text, ids(text));
      if (byId.isPresent()) {
        return byId;
      }
    }
    return one(text, named(text));
  }

  /** The same id, if some ingest knows it as an image, a sample or a reject. */
  private Optional<String> known(String imageId) {
    return ids(imageId).isEmpty() ? Optional.empty() : Optional.of(imageId);
  }

  /** Ids that begin with a text. */
  private TreeSet<String> ids(String prefix) {
    TreeSet<String> found = new TreeSet<>();
    for (Artifact ingest : graph.of(Stages.INGEST)) {
      for (String table : List.of("images", "rejects")) {
        try (ParquetTable.Rows<ImageId> rows =
            ParquetTable.read(ImageId.class, ingest.tableUris(table))) {
          rows.forEach(
              row -> {
                if (row.imageId().startsWith(prefix)) {
                  found.add(row.imageId());
                }
              });
        }
      }
    }
    return found;
  }

  /** Images of a name in some source; {@code SOURCE:NAME} means one source. */
  private TreeSet<String> named(String text) {
    return images(
        sample ->
            sample.name().equals(text)
                || (sample.source() + ":" + sample.name()).equals(text)
                || endsWithName(text, sample.name()));
  }

  /** A path whose file is not there, such as one of another machine. */
  private static boolean endsWithName(String path, String name) {
    return name.contains("/") && path.endsWith("/" + name);
  }

  /** Images of the samples that are wanted. */
  public TreeSet<String> images(Predicate<SampleRow> wanted) {
    TreeSet<String> found = new TreeSet<>();
    samples(
        sample -> {
          if (wanted.test(sample)) {
            found.add(sample.imageId());
          }
        });
    return found;
  }

  /** All samples of all ingests of the store, one by one. */
  public void samples(Consumer<SampleRow> consumer) {
    for (Artifact ingest : graph.of(Stages.INGEST)) {
      try (ParquetTable.Rows<SampleRow> rows =
          ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
        rows.forEach(consumer);
      }
    }
  }

  private static Optional<String> one(String text, TreeSet<String> found) {
    if (found.size() > 1) {
      throw new RecipeException(
          "'%s' fits %d images: %s%s; give more of the id, or SOURCE:NAME"
              .formatted(
                  text,
                  found.size(),
                  String.join(", ", found.stream().limit(SHOWN).toList()),
                  found.size() > SHOWN ? " ..." : ""));
    }
    return found.stream().findFirst();
  }

  /** What to say when a text fits nothing. */
  public static DataException nothing(String text, String store) {
    return new DataException(
        "'%s': %s knows no such image; give a file, at least %d digits of its SHA-256, or its name in a source"
            .formatted(text, store, SHORTEST_PREFIX));
  }
}

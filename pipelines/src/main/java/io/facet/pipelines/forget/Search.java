package io.facet.pipelines.forget;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.stage.Stages;
import io.facet.pipelines.trace.KnownImages;
import io.facet.pipelines.trace.StoreGraph;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.RejectRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Turns what a person asks for into images: one, or all of somebody. */
final class Search {
  private final StoreGraph graph;

  Search(StoreGraph graph) {
    this.graph = graph;
  }

  /**
   * The images that are meant.
   *
   * @param text an image (file, id, name) or an identity, as {@code facet inspect} shows it in the
   *     table of samples
   * @throws DataException if the store knows neither
   */
  Wanted of(String text, String store) {
    KnownImages images = new KnownImages(graph);
    Set<String> ids = images.images(sample -> sample.identity().equals(text));
    List<String> people = List.of(text);
    if (ids.isEmpty()) {
      Optional<String> image = images.find(text);
      ids =
          Set.of(
              image.orElseThrow(
                  () ->
                      new DataException(
                          KnownImages.nothing(text, store).getMessage()
                              + "; or the name of a person, as the table 'samples' has it")));
      people = List.of();
    } else {
      ids.addAll(rejected(text));
    }
    return new Wanted(
        List.copyOf(ids),
        names(images, ids),
        people,
        List.of(),
        List.of(),
        Instant.now().toString());
  }

  /** Images that were rejected since they show this person and another one. */
  private Set<String> rejected(String identity) {
    Set<String> found = new TreeSet<>();
    rejects(
        row -> {
          if (!row.imageId().isEmpty() && ForgottenWords.holds(row.detail(), identity)) {
            found.add(row.imageId());
          }
        });
    return found;
  }

  private List<String> names(KnownImages images, Set<String> ids) {
    Set<String> names = new TreeSet<>();
    images.samples(
        sample -> {
          if (ids.contains(sample.imageId())) {
            names.add(sample.name());
          }
        });
    rejects(
        row -> {
          if (ids.contains(row.imageId())) {
            names.add(row.name());
          }
        });
    names.remove("");
    return List.copyOf(names);
  }

  private void rejects(Consumer<RejectRow> consumer) {
    for (Artifact ingest : graph.of(Stages.INGEST)) {
      try (ParquetTable.Rows<RejectRow> rows =
          ParquetTable.read(RejectRow.class, ingest.tableUris("rejects"))) {
        rows.forEach(consumer);
      }
    }
  }
}

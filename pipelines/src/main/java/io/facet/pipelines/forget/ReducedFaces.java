package io.facet.pipelines.forget;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.TimingRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Aligned faces without those of forgotten images, as an artifact of their own: the next run takes
 * its faces from it and looks for none again. Its fingerprint is that of the old artifact's inputs
 * with the forgotten images among them, so nothing takes it for the old one.
 */
final class ReducedFaces {
  private static final String FORGOTTEN = "content.forgotten";
  private static final String VERSION = "version.stage";

  private final ArtifactStore store;
  private final ForgottenWords words;
  private final Wanted wanted;

  ReducedFaces(ArtifactStore store, Wanted wanted) {
    this.store = store;
    this.wanted = wanted;
    this.words = new ForgottenWords(wanted);
  }

  /**
   * Commits it for the newest of some artifacts that holds faces.
   *
   * @param holders that are to be deleted
   * @return what was committed, or was there already; empty if none of them is the newest
   */
  Optional<Artifact> commit(List<Artifact> holders) throws IOException {
    Optional<Artifact> newest = store.newest(Stages.ALIGN, Stages.ALIGN);
    if (newest.isEmpty() || holders.stream().noneMatch(h -> h.uri().equals(newest.get().uri()))) {
      return Optional.empty();
    }
    Manifest old = newest.get().manifest();
    Map<String, String> inputs = new TreeMap<>(old.inputs());
    String before = inputs.getOrDefault(FORGOTTEN, "");
    inputs.put(FORGOTTEN, digest(before + "\n" + String.join("\n", wanted.imageIds())));
    int version = Integer.parseInt(old.inputs().get(VERSION).replaceAll(".*@", ""));
    Fingerprint fingerprint = Fingerprint.of(Stages.ALIGN, version, inputs, old.parents());
    Optional<Artifact> there = store.find(Stages.ALIGN, fingerprint.digest()).artifact();
    return there.isPresent() ? there : Optional.of(write(newest.get(), fingerprint));
  }

  private Artifact write(Artifact old, Fingerprint fingerprint) throws IOException {
    Attempt attempt = store.begin(Stages.ALIGN, fingerprint.digest());
    try {
      String folder = attempt.folder().uri();
      List<Manifest.Table> tables = new ArrayList<>();
      tables.add(
          copy(old, folder, "faces", FaceRow.class, row -> !gone("image_id", row.imageId())));
      tables.add(
          copy(
              old,
              folder,
              "rejects",
              RejectRow.class,
              row ->
                  !gone("image_id", row.imageId())
                      && !gone("name", row.name())
                      && !gone("detail", row.detail())));
      tables.add(copy(old, folder, "timings", TimingRow.class, row -> true));
      return store.commit(attempt, manifest(old.manifest(), fingerprint, tables));
    } catch (IOException | RuntimeException e) {
      store.abandon(attempt);
      throw e;
    }
  }

  private boolean gone(String column, String value) {
    return words.matches(column, value, true);
  }

  private <T> Manifest.Table copy(
      Artifact old, String folder, String name, Class<T> type, Predicate<T> kept)
      throws IOException {
    Manifest.Table table = old.manifest().table(name).orElseThrow();
    try (ParquetTable.Rows<T> rows = ParquetTable.read(type, old.tableUris(name));
        TableFile<T> file = TableFile.create(type, folder, name)) {
      for (T row : rows) {
        if (kept.test(row)) {
          file.add(row);
        }
      }
      TableSummary summary = file.finish();
      return new Manifest.Table(
          name,
          table.columns(),
          summary.rows(),
          summary.digest(),
          summary.uris(folder).stream().map(store::describe).toList());
    }
  }

  private static Manifest manifest(
      Manifest old, Fingerprint fingerprint, List<Manifest.Table> tables) {
    Map<String, Double> metrics = new TreeMap<>(old.metrics());
    metrics.put("faces", (double) tables.get(0).rows());
    return new Manifest(
        Manifest.FORMAT,
        old.stage(),
        old.instance(),
        fingerprint.digest(),
        fingerprint.inputs(),
        fingerprint.parents(),
        old.recipe(),
        tables,
        List.of(),
        old.libraries(),
        old.gitCommit(),
        old.seed(),
        metrics,
        Map.of("forgotten", "faces of an earlier artifact without those of forgotten images"),
        old.started(),
        Instant.now().toString(),
        old.originRun());
  }

  private static String digest(String text) {
    return FileDigests.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}

package io.facet.pipelines.mlflow;

import io.facet.models.DataException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.ModelStages;
import io.facet.pipelines.leaderboard.Evaluations;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What runs measured, kept in MLflow and fetched from there: as much of a store as a leaderboard
 * reads.
 */
public final class MlflowEvaluations {
  static final String MANIFEST = "manifest.json";

  private static final String FINGERPRINT = "[0-9a-f]{64}";

  private static final Set<String> TABLES =
      Set.of("metrics", "scores", "identities", Evaluations.OUTCOMES);

  private final MlflowApi api;
  private final ArtifactStore store;
  private final Path folder;

  private MlflowEvaluations(MlflowApi api, ArtifactStore store, Path folder) {
    this.api = api;
    this.store = store;
    this.folder = folder;
  }

  /** Gives the run of an evaluation the tables a leaderboard needs; other artifacts nothing. */
  static void keep(Artifact artifact, TrackedRun run) {
    if (!artifact.manifest().stage().equals(Stages.EVALUATE)) {
      return;
    }
    for (Manifest.Table table : artifact.manifest().tables()) {
      if (TABLES.contains(table.name())) {
        List<Manifest.DataFile> files = table.files();
        for (int i = 0; i < files.size(); i++) {
          run.artifact(place(table, i), read(artifact.resolve(files.get(i))));
        }
      }
    }
  }

  private static String place(Manifest.Table table, int file) {
    return "tables/%s-%05d.parquet".formatted(table.name(), file);
  }

  private static byte[] read(String uri) {
    try {
      return StoredFiles.read(uri);
    } catch (IOException e) {
      throw new InfrastructureException(uri + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Fetches all evaluations of a server, of all its experiments.
   *
   * @param folder empty; becomes a store
   * @throws InfrastructureException if the server cannot be asked
   * @throws DataException if a file came other than it was when it was measured
   */
  public static void fetch(TrackingOptions server, Path folder) throws InterruptedException {
    asking(server, folder, MlflowEvaluations::fetch);
  }

  /** What is done with an open server. */
  private interface Asking {
    void ask(MlflowEvaluations evaluations) throws MlflowFailure, InterruptedException, IOException;
  }

  private static void asking(TrackingOptions server, Path folder, Asking asking)
      throws InterruptedException {
    try (MlflowApi api = new MlflowApi(server);
        ArtifactStore store = ArtifactStore.open(folder.toString())) {
      asking.ask(new MlflowEvaluations(api, store, folder));
    } catch (MlflowFailure e) {
      throw new InfrastructureException("MLflow cannot be asked: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new InfrastructureException(folder + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Fetches one evaluation, if the server has it.
   *
   * @param fingerprint of its artifact
   * @param folder becomes a store, or is one already
   * @throws InfrastructureException if the server cannot be asked
   * @throws DataException if a file came other than it was when it was measured
   */
  public static void fetch(TrackingOptions server, String fingerprint, Path folder)
      throws InterruptedException {
    if (!fingerprint.matches(FINGERPRINT)) {
      throw new DataException(
          "'%s' is not the fingerprint of an evaluation".formatted(fingerprint));
    }
    asking(server, folder, evaluations -> evaluations.fetch(fingerprint));
  }

  private void fetch(String fingerprint) throws MlflowFailure, InterruptedException, IOException {
    String filter = "tags.`%s` = '%s'".formatted(MlflowListener.FINGERPRINT, fingerprint);
    for (String experiment : api.reader().experiments()) {
      for (RunReader.Run run : api.reader().search(experiment, filter)) {
        Optional<Manifest> manifest = manifest(run, Stages.EVALUATE);
        if (manifest.isPresent()) {
          add(manifest.get(), run);
          return;
        }
      }
    }
  }

  private void fetch() throws MlflowFailure, InterruptedException, IOException {
    List<String> experiments = api.reader().experiments();
    Set<String> makers = new HashSet<>();
    for (String experiment : experiments) {
      for (RunReader.Run run : runs(experiment, Stages.EVALUATE)) {
        Optional<Manifest> manifest = manifest(run, Stages.EVALUATE);
        if (manifest.filter(found -> found.table("scores").isPresent()).isPresent()) {
          add(manifest.get(), run);
          manifest.get().parents().entrySet().stream()
              .filter(parent -> ModelStages.NAMES.contains(StageInstance.stageOf(parent.getKey())))
              .map(Map.Entry::getValue)
              .forEach(makers::add);
        }
      }
    }
    for (String experiment : experiments) {
      for (String stage : ModelStages.NAMES) {
        for (RunReader.Run run : runs(experiment, stage)) {
          if (makers.remove(run.tags().getOrDefault(MlflowListener.FINGERPRINT, ""))) {
            manifest(run, stage).ifPresent(made -> commit(with(made, List.of())));
          }
        }
      }
    }
  }

  private List<RunReader.Run> runs(String experiment, String stage)
      throws MlflowFailure, InterruptedException {
    return api.reader()
        .search(experiment, "tags.`facet.stage` = '%s' and status = 'FINISHED'".formatted(stage));
  }

  /** The manifest; a run that groups others has none. */
  private Optional<Manifest> manifest(RunReader.Run run, String stage)
      throws MlflowFailure, InterruptedException {
    if (!run.tags().containsKey(MlflowListener.FINGERPRINT)) {
      return Optional.empty();
    }
    try {
      String source = "run %s in MLflow, %s".formatted(run.id(), MANIFEST);
      Manifest manifest = Manifest.parse(source, api.text(run.artifactUri(), MANIFEST));
      if (!manifest.stage().equals(stage) || !manifest.fingerprint().matches(FINGERPRINT)) {
        throw new DataException(source + ": not the manifest of a stage '" + stage + "'");
      }
      return Optional.of(manifest);
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void add(Manifest manifest, RunReader.Run run)
      throws MlflowFailure, InterruptedException, IOException {
    if (store.find(manifest.stage(), manifest.fingerprint()).artifact().isPresent()) {
      return; // reused by a later run
    }
    List<Manifest.Table> tables = new ArrayList<>();
    for (Manifest.Table table : manifest.tables()) {
      if (TABLES.contains(table.name())) {
        List<Manifest.DataFile> files = new ArrayList<>();
        for (int i = 0; i < table.files().size(); i++) {
          String place = place(table, i);
          byte[] bytes = api.artifact(run.artifactUri(), place);
          files.add(file(bytes, table.files().get(i), run.id() + "/" + place));
        }
        tables.add(
            new Manifest.Table(table.name(), table.columns(), table.rows(), table.digest(), files));
      }
    }
    commit(with(manifest, tables));
  }

  /** Files are named by their content, never by what a server says. */
  private Manifest.DataFile file(byte[] bytes, Manifest.DataFile wanted, String source)
      throws IOException {
    String sha256 = FileDigests.sha256(bytes);
    if (!sha256.equals(wanted.sha256())) {
      throw new DataException(
          "%s in MLflow is not what was measured (SHA-256 %s, not %s)"
              .formatted(source, sha256, wanted.sha256()));
    }
    Path file = folder.resolve("files").resolve(sha256 + ".parquet");
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    return new Manifest.DataFile(file.toString(), bytes.length, sha256);
  }

  private void commit(Manifest manifest) {
    store.commit(store.begin(manifest.stage(), manifest.fingerprint()), manifest);
  }

  private static Manifest with(Manifest manifest, List<Manifest.Table> tables) {
    return new Manifest(
        manifest.format(),
        manifest.stage(),
        manifest.instance(),
        manifest.fingerprint(),
        manifest.inputs(),
        manifest.parents(),
        manifest.recipe(),
        tables,
        List.of(),
        manifest.libraries(),
        manifest.gitCommit(),
        manifest.seed(),
        manifest.metrics(),
        manifest.notes(),
        manifest.started(),
        manifest.finished(),
        manifest.originRun());
  }
}

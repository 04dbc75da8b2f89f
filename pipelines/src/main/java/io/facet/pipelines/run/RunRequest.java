package io.facet.pipelines.run;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.flink.RunnerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run that somebody asks for, on the command line or from Java.
 *
 * @param recipe its file
 * @param settings {@code KEY=VALUE}, each overrides a key of the recipe
 * @param store where artifacts are kept: a folder, or a URI of another of Beam's file systems
 * @param runner {@code FlinkRunner} or {@code DirectRunner}
 * @param flinkMaster {@code HOST:PORT} of a cluster, or {@code [local]}
 * @param parallelism parallel tasks of data stages; empty: all processors or slots there are
 * @param trackingUri MLflow server, {@code none} for the store alone; empty: the recipe's, the
 *     environment's, or the user's own
 * @param jobs stages, methods and seeds side by side, at least 1
 * @param json file for a machine-readable summary
 * @param arguments of the command line that asks, empty from Java
 */
public record RunRequest(
    Path recipe,
    List<String> settings,
    String store,
    String runner,
    String flinkMaster,
    Optional<Integer> parallelism,
    Optional<String> trackingUri,
    int jobs,
    Optional<Path> json,
    List<String> arguments) {
  /** The store where none is named. */
  public static final String DEFAULT_STORE = ".facet";

  /** Beam's runner where none is named. */
  public static final String DEFAULT_RUNNER = "FlinkRunner";

  public RunRequest {
    settings = List.copyOf(settings);
    arguments = List.copyOf(arguments);
    if (jobs < 1) {
      throw new RecipeException("--jobs: must be at least 1, is " + jobs);
    }
  }

  /** On an embedded Flink, in the folder {@value #DEFAULT_STORE}, one stage after the other. */
  public static RunRequest of(Path recipe) {
    return new RunRequest(
        recipe,
        List.of(),
        DEFAULT_STORE,
        DEFAULT_RUNNER,
        RunnerOptions.LOCAL,
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of());
  }

  /** The same with a key of the recipe overridden, such as {@code distill.epochs=2}. */
  public RunRequest withSetting(String setting) {
    List<String> all = new ArrayList<>(settings);
    all.add(setting);
    return new RunRequest(
        recipe, all, store, runner, flinkMaster, parallelism, trackingUri, jobs, json, arguments);
  }

  /** The same in another store. */
  public RunRequest withStore(String other) {
    return new RunRequest(
        recipe,
        settings,
        other,
        runner,
        flinkMaster,
        parallelism,
        trackingUri,
        jobs,
        json,
        arguments);
  }

  /** The same on another of Beam's runners. */
  public RunRequest withRunner(String other) {
    return new RunRequest(
        recipe,
        settings,
        store,
        other,
        flinkMaster,
        parallelism,
        trackingUri,
        jobs,
        json,
        arguments);
  }

  /** The same on a Flink cluster. */
  public RunRequest withFlinkMaster(String address) {
    return new RunRequest(
        recipe, settings, store, runner, address, parallelism, trackingUri, jobs, json, arguments);
  }

  /** The same, told to that MLflow server; {@code none}: to the store alone. */
  public RunRequest withTrackingUri(String uri) {
    return new RunRequest(
        recipe,
        settings,
        store,
        runner,
        flinkMaster,
        parallelism,
        Optional.of(uri),
        jobs,
        json,
        arguments);
  }

  /** What belongs to this machine: outbox, runs, MLflow server. */
  public Path folder() {
    Path folder = LocalFiles.isLocal(store) ? LocalFiles.path(store) : Path.of(DEFAULT_STORE);
    return folder.toAbsolutePath().normalize();
  }

  /** Root of the artifact store, a folder or a URI. */
  public String storeRoot() {
    return LocalFiles.isLocal(store) ? folder().toString() : store;
  }

  /**
   * Where pipelines run; a cluster is asked.
   *
   * @throws io.facet.pipelines.InfrastructureException if the cluster cannot run our jobs
   */
  public RunnerOptions pipelines() {
    return RunnerOptions.of(runner, flinkMaster, parallelism);
  }
}

package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.LocalFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import picocli.CommandLine.Option;

/** Options that all commands share that run a recipe. */
final class RunOptions {
  private static final String HERE = ".facet";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, such as distill.epochs=2. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = HERE,
      description =
          "Where artifacts and the tracking outbox are kept (default: ${DEFAULT-VALUE}). With a URI"
              + " of another of Beam's file systems, outbox and runs stay in the default folder.")
  private String store;

  @Option(names = "--json", paramLabel = "FILE", description = "Write a machine-readable summary.")
  private Path json;

  @Option(
      names = "--tracking-uri",
      paramLabel = "URI",
      description =
          "MLflow server; 'none' keeps tracking in the store. Default: the recipe's tracking.uri,"
              + " MLFLOW_TRACKING_URI, or the server of 'facet track serve' if it runs.")
  private String trackingUri;

  @Option(
      names = "--runner",
      defaultValue = "FlinkRunner",
      description = "Beam runner: FlinkRunner or DirectRunner (default: ${DEFAULT-VALUE}).")
  private String runner;

  @Option(
      names = "--flink-master",
      paramLabel = "HOST:PORT",
      defaultValue = "[local]",
      description = "Flink cluster; [local] is an embedded one (default: ${DEFAULT-VALUE}).")
  private String flinkMaster;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description =
          "Parallel tasks of data stages. Default: the processors of this machine, or the cluster's"
              + " slots with those of one TaskManager to spare.")
  private Integer parallelism;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Stages, methods and seeds made side by side where nothing makes them wait; each process"
              + " still trains one network at a time (default: ${DEFAULT-VALUE}).")
  private int jobs;

  private RunnerOptions chosen;

  /** For a run that a command plays by itself: everything in this process. */
  static RunOptions inProcess(Path store, List<String> settings, String trackingUri) {
    RunOptions options = new RunOptions();
    options.store = store.toString();
    options.settings = List.copyOf(settings);
    options.trackingUri = trackingUri;
    options.runner = "DirectRunner";
    options.flinkMaster = RunnerOptions.LOCAL;
    options.jobs = 1;
    return options;
  }

  List<String> settings() {
    return settings;
  }

  /** What belongs to this machine: outbox, runs, MLflow server. */
  Path store() {
    Path folder = LocalFiles.isLocal(store) ? LocalFiles.path(store) : Path.of(HERE);
    return folder.toAbsolutePath().normalize();
  }

  /** Root of the artifact store, a folder or a URI. */
  String storeRoot() {
    if (LocalFiles.isLocal(store)) {
      return store().toString();
    }
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    return store;
  }

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  Optional<String> trackingUri() {
    return Optional.ofNullable(trackingUri);
  }

  int jobs() {
    if (jobs < 1) {
      throw new RecipeException("--jobs: must be at least 1, is " + jobs);
    }
    return jobs;
  }

  /** As typed, or {@code [local]}. */
  String flinkMaster() {
    return flinkMaster;
  }

  /** The same on another store. */
  RunOptions on(Path otherStore) {
    RunOptions other = new RunOptions();
    other.settings = settings;
    other.store = otherStore.toString();
    other.json = json;
    other.trackingUri = trackingUri;
    other.runner = runner;
    other.flinkMaster = flinkMaster;
    other.parallelism = parallelism;
    other.jobs = jobs;
    return other;
  }

  /** Where pipelines run; a cluster is asked once. */
  RunnerOptions runner() {
    if (chosen == null) {
      chosen = RunnerOptions.of(runner, flinkMaster, Optional.ofNullable(parallelism));
    }
    return chosen;
  }
}

package io.facet.pipelines.cli;

import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.run.RunRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options that all commands share that run a recipe. */
final class RunOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, such as distill.epochs=2. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = RunRequest.DEFAULT_STORE,
      description =
          "Where artifacts and the tracking outbox are kept (default: ${DEFAULT-VALUE}). With"
              + " s3://BUCKET/FOLDER or hdfs://HOST:PORT/FOLDER, outbox and runs stay in the default"
              + " folder.")
  private String store;

  @Mixin private StorageOptions storage;

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
      defaultValue = RunRequest.DEFAULT_RUNNER,
      description = "Beam runner: FlinkRunner or DirectRunner (default: ${DEFAULT-VALUE}).")
  private String runner;

  @Option(
      names = "--flink-master",
      paramLabel = "HOST:PORT",
      defaultValue = RunnerOptions.LOCAL,
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

  /** What is asked for, as typed. */
  RunRequest request(Path recipe, CommandSpec spec) {
    CommandLine line = spec.commandLine();
    CommandLine whole = line.getParent() == null ? line : line.getParent();
    return new RunRequest(
        recipe,
        settings,
        store,
        runner,
        flinkMaster,
        Optional.ofNullable(parallelism),
        Optional.ofNullable(trackingUri),
        jobs,
        Optional.ofNullable(json),
        whole.getParseResult().originalArgs());
  }
}

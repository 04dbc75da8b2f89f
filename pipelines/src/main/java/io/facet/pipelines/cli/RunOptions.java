package io.facet.pipelines.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      defaultValue = ".facet",
      description = "Where artifacts and the tracking outbox are kept (default: ${DEFAULT-VALUE}).")
  private Path store;

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
      description = "Parallel tasks of data stages. Default: the number of processors.")
  private Integer parallelism;

  List<String> settings() {
    return settings;
  }

  Path store() {
    return store.toAbsolutePath().normalize();
  }

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  Optional<String> trackingUri() {
    return Optional.ofNullable(trackingUri);
  }

  RunnerOptions runner() {
    return new RunnerOptions(
        runner,
        flinkMaster,
        parallelism == null ? Runtime.getRuntime().availableProcessors() : parallelism);
  }
}

package io.facet.pipelines.flink;

import io.facet.models.RecipeException;
import io.facet.transforms.file.SharedFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Where Beam pipelines run.
 *
 * @param runner {@code FlinkRunner} or {@code DirectRunner}
 * @param flinkMaster {@code [local]}, {@code HOST:PORT}, or {@code [auto]} under Flink's own client
 * @param parallelism parallel tasks
 * @param jobJars what a cluster gets with each job
 */
public record RunnerOptions(
    String runner, String flinkMaster, int parallelism, List<String> jobJars) {
  public static final String LOCAL = "[local]";

  public RunnerOptions {
    if (!runner.equals("FlinkRunner") && !runner.equals("DirectRunner")) {
      throw new RecipeException(
          "--runner: must be FlinkRunner or DirectRunner, is '" + runner + "'");
    }
    if (parallelism < 1) {
      throw new RecipeException("--parallelism: must be at least 1, is " + parallelism);
    }
    jobJars = List.copyOf(jobJars);
  }

  /** In this process. */
  public static RunnerOptions local(String runner, int parallelism) {
    return new RunnerOptions(runner, LOCAL, parallelism, List.of());
  }

  /**
   * As asked for on the command line; a cluster is looked at first.
   *
   * @param flinkMaster {@code [local]} or {@code HOST:PORT}
   * @param parallelism if empty, the processors of this machine or the slots of the cluster
   * @throws io.facet.pipelines.InfrastructureException if the cluster cannot run our jobs
   */
  public static RunnerOptions of(String runner, String flinkMaster, Optional<Integer> parallelism) {
    if (FlinkClient.present()) {
      if (!flinkMaster.equals(LOCAL)) {
        throw new RecipeException(
            "--flink-master: under 'flink run' the cluster is the one 'flink run' knows (its -m"
                + " option); leave --flink-master out");
      }
      int tasks = tasks(FlinkCluster.at(FlinkClient.address()), parallelism);
      return new RunnerOptions(runner, FlinkClient.MASTER, tasks, List.of());
    }
    if (flinkMaster.equals(LOCAL) || runner.equals("DirectRunner")) {
      return local(runner, parallelism.orElseGet(Runtime.getRuntime()::availableProcessors));
    }
    int tasks = tasks(FlinkCluster.at(flinkMaster), parallelism);
    return new RunnerOptions(runner, flinkMaster, tasks, JobJar.withStorage());
  }

  private static int tasks(FlinkCluster cluster, Optional<Integer> wanted) {
    return ClusterFit.parallelism(cluster, wanted, EnvironmentInformation.getVersion());
  }

  /** Parallel tasks of a pipeline with these options. */
  public static int parallelism(PipelineOptions options) {
    return options.getRunner() == DirectRunner.class
        ? options.as(DirectOptions.class).getTargetParallelism()
        : options.as(FlinkPipelineOptions.class).getParallelism();
  }

  /** Fresh options for one pipeline. */
  public PipelineOptions create() {
    if (runner.equals("DirectRunner")) {
      DirectOptions direct = SharedFiles.options().as(DirectOptions.class);
      direct.setRunner(DirectRunner.class);
      direct.setTargetParallelism(parallelism);
      direct.setEnforceImmutability(false);
      direct.setEnforceEncodability(false);
      return direct;
    }
    FlinkPipelineOptions flink = SharedFiles.options().as(FlinkPipelineOptions.class);
    flink.setRunner(FlinkRunner.class);
    flink.setFlinkMaster(flinkMaster);
    flink.setParallelism(parallelism);
    flink.setFasterCopy(true);
    if (flinkMaster.equals(LOCAL)) {
      EmbeddedFlink.settings().map(Path::toString).ifPresent(flink::setFlinkConfDir);
    } else {
      flink.setFilesToStage(jobJars);
    }
    return flink;
  }
}

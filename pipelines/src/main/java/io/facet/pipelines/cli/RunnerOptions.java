package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Where Beam pipelines run.
 *
 * @param runner {@code FlinkRunner} or {@code DirectRunner}
 * @param flinkMaster {@code [local]} or {@code HOST:PORT}
 * @param parallelism parallel tasks
 */
record RunnerOptions(String runner, String flinkMaster, int parallelism) {
  RunnerOptions {
    if (!runner.equals("FlinkRunner") && !runner.equals("DirectRunner")) {
      throw new RecipeException(
          "--runner: must be FlinkRunner or DirectRunner, is '" + runner + "'");
    }
    if (parallelism < 1) {
      throw new RecipeException("--parallelism: must be at least 1, is " + parallelism);
    }
  }

  /** Fresh options for one pipeline. */
  PipelineOptions create() {
    if (runner.equals("DirectRunner")) {
      DirectOptions direct = PipelineOptionsFactory.create().as(DirectOptions.class);
      direct.setRunner(DirectRunner.class);
      direct.setTargetParallelism(parallelism);
      direct.setEnforceImmutability(false);
      direct.setEnforceEncodability(false);
      return direct;
    }
    FlinkPipelineOptions flink = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    flink.setRunner(FlinkRunner.class);
    flink.setFlinkMaster(flinkMaster);
    flink.setParallelism(parallelism);
    flink.setFasterCopy(true);
    return flink;
  }
}

package io.facet.pipelines.stage;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.plan.StageContext;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs one Beam pipeline of a stage to its end. */
final class StageJob {
  private StageJob() {}

  /**
   * Builds and runs a pipeline.
   *
   * @throws InfrastructureException if it was cancelled from outside, such as from Flink's page
   */
  static void run(StageContext context, Consumer<Pipeline> build) {
    PipelineOptions options = context.pipelineOptions();
    options.setJobName(jobName(context));
    Pipeline pipeline = Pipeline.create(options);
    build.accept(pipeline);
    PipelineResult.State state = pipeline.run().waitUntilFinish();
    if (state == PipelineResult.State.CANCELLED) {
      throw new InfrastructureException(
          "the job of " + context.instance().name() + " was cancelled; run again to go on");
    }
    if (state != null && state != PipelineResult.State.DONE) {
      throw new InfrastructureException(
          "the job of %s ended as %s".formatted(context.instance().name(), state));
    }
  }

  /** {@code facet-distill-cakd-1-0a1b2c3d}: Flink shows it, so it names instance and artifact. */
  private static String jobName(StageContext context) {
    String words = context.instance().name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return "facet-%s-%s"
        .formatted(words.replaceAll("-$", ""), context.fingerprint().digest().substring(0, 8));
  }
}

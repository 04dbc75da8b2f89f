package io.facet.pipelines.stage;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.flink.JobGuard;
import io.facet.pipelines.plan.StageContext;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.runtime.client.JobCancellationException;

/** Runs one Beam pipeline of a stage to its end. */
final class StageJob {
  private static final int ATTEMPT_LETTERS = 8;

  private StageJob() {}

  /**
   * Builds and runs a pipeline.
   *
   * @throws CancellationException if it was cancelled from outside, such as from Flink's page
   */
  static void run(StageContext context, Consumer<Pipeline> build) {
    PipelineOptions options = context.pipelineOptions();
    options.setJobName(jobName(context));
    Pipeline pipeline = Pipeline.create(options);
    build.accept(pipeline);
    PipelineResult.State state = execute(context, pipeline);
    if (state == PipelineResult.State.CANCELLED) {
      throw cancelled(context, null);
    }
    if (state != null && state != PipelineResult.State.DONE) {
      throw new InfrastructureException(
          "the job of %s ended as %s".formatted(context.instance().name(), state));
    }
  }

  private static PipelineResult.State execute(StageContext context, Pipeline pipeline) {
    try (JobGuard guard = JobGuard.of(pipeline.getOptions())) {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      guard.done();
      return state;
    } catch (RuntimeException e) {
      throw isCancellation(e) ? cancelled(context, e) : e;
    }
  }

  private static boolean isCancellation(RuntimeException failure) {
    return Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(JobCancellationException.class::isInstance);
  }

  private static CancellationException cancelled(StageContext context, Throwable cause) {
    CancellationException cancelled =
        new CancellationException(
            "the Flink job of " + context.instance().name() + " was cancelled");
    cancelled.initCause(cause);
    return cancelled;
  }

  /**
   * {@code facet RECIPE distill[cakd#1] 0a1b2c3d}: Flink shows it. The end tells the attempt, so
   * that no other job of the cluster has the name.
   */
  private static String jobName(StageContext context) {
    String attempt = context.attempt().uri().replaceAll("/+$", "");
    String id = attempt.substring(attempt.lastIndexOf('/') + 1).replaceFirst("^attempt-", "");
    return "facet %s %s %s"
        .formatted(
            context.recipe().name(),
            context.instance().name(),
            id.substring(0, Math.min(ATTEMPT_LETTERS, id.length())));
  }
}

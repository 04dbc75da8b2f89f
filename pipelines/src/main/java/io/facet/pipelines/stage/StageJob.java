package io.facet.pipelines.stage;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.flink.JobGuard;
import io.facet.pipelines.flink.JobName;
import io.facet.pipelines.flink.JobSlots;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.plan.StageContext;
import io.facet.transforms.unit.RunningUnits;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.runtime.client.JobCancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one Beam pipeline of a stage to its end. */
final class StageJob {
  /** What becomes of a job whose workers went away faster than Flink restarts it. */
  private static final Set<String> WORKER_LOST =
      Set.of(
          "NoResourceAvailableException",
          "RecipientUnreachableException",
          "RemoteTransportException");

  /** How long a training may take to end its step and save a checkpoint. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(StageJob.class);

  private StageJob() {}

  /**
   * Builds and runs a pipeline, and tells how far it is where it counts its work.
   *
   * @throws CancellationException if it was cancelled from outside, such as from Flink's page
   */
  static void run(StageContext context, Consumer<Pipeline> build) {
    PipelineOptions options = context.pipelineOptions();
    context.shares(RunnerOptions.parallelism(options));
    try (WorkTail work = WorkTail.follow(context)) {
      run(context, options, build);
    }
  }

  /**
   * The same for work that one task does alone, such as a training: on Flink it takes one slot, so
   * that as many go on side by side as there are slots left, and none waits for a second.
   *
   * @throws CancellationException if it was cancelled from outside
   */
  static void runInOneTask(StageContext context, Consumer<Pipeline> build) {
    PipelineOptions options = context.pipelineOptions();
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    run(context, options, build);
  }

  private static void run(StageContext context, PipelineOptions options, Consumer<Pipeline> build) {
    WorkTail.clear(context);
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
    String attempt = context.attempt().uri();
    RunningUnits.allow(attempt);
    try (JobSlots slots = JobSlots.take(pipeline.getOptions());
        JobGuard guard = JobGuard.of(pipeline.getOptions())) {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      guard.done();
      return state;
    } catch (InterruptedException e) {
      stopUnit(attempt);
      Thread.currentThread().interrupt();
      throw cancelled(context, e);
    } catch (RuntimeException e) {
      stopUnit(attempt);
      throw isCancellation(e) ? cancelled(context, e) : lost(context, e).orElse(e);
    }
  }

  /**
   * Whoever takes the attempt over must find it at rest, and a training its checkpoint. On a
   * cluster nothing runs here: there the guard waits for the end of the job.
   */
  private static void stopUnit(String attempt) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!RunningUnits.stop(attempt, LONGEST_STOP)) {
        LOG.warn("the work in {} does not stop; it goes on from its last checkpoint", attempt);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The cluster is gone, which the guard found when it looked after the job, or began anew. */
  private static Optional<RuntimeException> lost(StageContext context, RuntimeException failure) {
    String why = null;
    if (Stream.of(failure.getSuppressed()).anyMatch(InfrastructureException.class::isInstance)) {
      why = "the cluster does not answer";
    } else if (causes(failure).anyMatch(c -> c.toString().contains("JobNotFoundException"))) {
      why = "the JobManager began anew";
    } else if (causes(failure).anyMatch(c -> WORKER_LOST.contains(c.getClass().getSimpleName()))) {
      why = "its TaskManagers went away";
    }
    return Optional.ofNullable(why)
        .map(
            reason ->
                new InfrastructureException(
                    "the Flink job of %s is lost: %s; when the cluster is back, run again to resume"
                        .formatted(context.instance().name(), reason),
                    failure));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static boolean isCancellation(RuntimeException failure) {
    return causes(failure).anyMatch(JobCancellationException.class::isInstance);
  }

  private static CancellationException cancelled(StageContext context, Throwable cause) {
    CancellationException cancelled =
        new CancellationException(
            "the Flink job of " + context.instance().name() + " was cancelled");
    cancelled.initCause(cause);
    return cancelled;
  }

  private static String jobName(StageContext context) {
    return JobName.of(context.recipe().name(), context.instance().name(), context.attempt().uri());
  }
}

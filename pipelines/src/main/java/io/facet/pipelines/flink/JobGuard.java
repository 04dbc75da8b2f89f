package io.facet.pipelines.flink;

import io.facet.pipelines.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no job on a cluster goes on without its driver: a job left behind by a driver
 * that was killed is cancelled before the same work begins again, and what runs when this process
 * ends is cancelled by it. A job is known by its name, which holds the attempt it writes to.
 *
 * <pre>{@code
 * try (JobGuard guard = JobGuard.of(options)) {
 *   pipeline.run().waitUntilFinish();
 *   guard.done();
 * }
 * }</pre>
 */
public final class JobGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobGuard.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration LONGEST_AT_EXIT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 200;
  private static final Set<JobGuard> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(JobGuard::cancelAtExit), "facet-flink"));
  }

  private final Optional<FlinkCluster> cluster;
  private final String job;
  private boolean done;

  private JobGuard(Optional<FlinkCluster> cluster, String job) {
    this.cluster = cluster;
    this.job = job;
  }

  /**
   * For a job to be submitted with these options; does nothing unless they name a cluster.
   *
   * @throws InfrastructureException if an earlier job of the same name does not end
   */
  public static JobGuard of(PipelineOptions options) {
    JobGuard guard = new JobGuard(FlinkCluster.of(options), options.getJobName());
    if (guard.cluster.isPresent()) {
      guard.cancel(LONGEST);
      RUNNING.add(guard);
    }
    return guard;
  }

  /** The job has ended by itself. */
  public void done() {
    done = true;
  }

  /** Cancels the job unless it is {@link #done}; an interrupt waits until that is sent. */
  @Override
  public void close() {
    if (!RUNNING.remove(this) || done) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      cancel(LONGEST);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cancelAtExit() {
    try {
      cancel(LONGEST_AT_EXIT);
    } catch (InfrastructureException e) {
      LOG.warn("the Flink job '{}' may go on: {}", job, e.getMessage());
    }
  }

  private void cancel(Duration longest) {
    cancel(cluster.orElseThrow(), Set.of(job), longest);
  }

  /**
   * Cancels the living jobs of these names and waits until they have ended.
   *
   * @throws InfrastructureException if the cluster does not answer or a job does not end
   */
  public static void cancel(FlinkCluster cluster, Set<String> names) {
    cancel(cluster, names, LONGEST);
  }

  private static void cancel(FlinkCluster cluster, Set<String> names, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    List<FlinkCluster.Job> living = living(cluster, names);
    living.forEach(cluster::cancel);
    while (!living.isEmpty()) {
      if (System.nanoTime() > deadline) {
        FlinkCluster.Job first = living.get(0);
        throw new InfrastructureException(
            "the Flink job '%s' (%s) does not end: cancel it at http://%s, then run again"
                .formatted(first.name(), first.id(), cluster.address()));
      }
      pause();
      living = living(cluster, names);
    }
  }

  private static List<FlinkCluster.Job> living(FlinkCluster cluster, Set<String> names) {
    return cluster.jobs().stream()
        .filter(found -> names.contains(found.name()) && found.lives())
        .toList();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InfrastructureException("interrupted while a Flink job was being cancelled", e);
    }
  }
}

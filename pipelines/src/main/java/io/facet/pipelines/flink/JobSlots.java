package io.facet.pipelines.flink;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Lets one job of this driver at a time ask a cluster for several slots. Flink gives slots one by
 * one: of two jobs that want both of two slots, each may get one and wait for ever. Jobs of one
 * slot go beside them, since they end whatever the others wait for.
 *
 * <pre>{@code
 * try (JobSlots slots = JobSlots.take(options)) {
 *   pipeline.run().waitUntilFinish();
 * }
 * }</pre>
 */
public final class JobSlots implements AutoCloseable {
  private static final Map<String, Semaphore> TURNS = new ConcurrentHashMap<>();

  private final Optional<Semaphore> turn;

  private JobSlots(Optional<Semaphore> turn) {
    this.turn = turn;
  }

  /** Waits for the turn of a job with these options, if it needs one. */
  public static JobSlots take(PipelineOptions options) throws InterruptedException {
    Optional<Semaphore> turn =
        FlinkCluster.of(options)
            .filter(cluster -> options.as(FlinkPipelineOptions.class).getParallelism() > 1)
            .map(cluster -> TURNS.computeIfAbsent(cluster.address(), a -> new Semaphore(1, true)));
    if (turn.isPresent()) {
      turn.get().acquire();
    }
    return new JobSlots(turn);
  }

  @Override
  public void close() {
    turn.ifPresent(Semaphore::release);
  }
}

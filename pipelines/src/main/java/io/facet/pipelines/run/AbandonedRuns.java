package io.facet.pipelines.run;

import io.facet.pipelines.InfrastructureException;
import io.facet.tracking.Tracking;
import io.facet.tracking.entity.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a driver left open that died without a word: its jobs on a Flink cluster, its runs in
 * MLflow and its record. The leases of a dead process count for nothing, so its attempts can be
 * taken over at once.
 *
 * @param records of the store
 */
public record AbandonedRuns(RunRecords records) {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedRuns.class);
  private static final String DIED = "the process died without ending its run";

  /** Closes all of them as failed, as a new run does when it begins; returns which. */
  public List<RunRecord> close() {
    List<RunRecord> closed = new ArrayList<>();
    for (RunRecord run : records.all()) {
      if (run.abandoned(Instant.now())) {
        cancelJobs(run);
        closed.add(write(run.ended(RunRecord.State.FAILED, DIED, Instant.now())));
      }
    }
    Tracking.reap(records.store(), RunStatus.FAILED, DIED);
    return closed;
  }

  /** Closes one as killed. */
  public RunRecord kill(RunRecord run, String reason) {
    cancelJobs(run);
    Tracking.reap(records.store(), run.run(), RunStatus.KILLED, reason);
    return write(run.ended(RunRecord.State.KILLED, reason, Instant.now()));
  }

  /** A cluster that does not answer has no jobs that could go on, or none that we could reach. */
  private static void cancelJobs(RunRecord run) {
    try {
      OrphanJobs.cancel(run);
    } catch (IOException | InfrastructureException e) {
      LOG.warn("Flink jobs of run {} may go on: {}", run.run(), e.getMessage());
    }
  }

  private RunRecord write(RunRecord run) {
    try {
      records.write(run);
      return run;
    } catch (IOException e) {
      throw new InfrastructureException(
          "the record of run %s cannot be written: %s".formatted(run.run(), e.getMessage()), e);
    }
  }
}

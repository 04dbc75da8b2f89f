package io.facet.pipelines.run;

import io.facet.pipelines.ProcessIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Records of runs for tests. */
public final class SampleRuns {
  private SampleRuns() {}

  /** A run that this process begins now. */
  public static RunRecord begun(String run, String recipe, Instant started) {
    return of(run, recipe, started, ProcessIdentity.current());
  }

  /** A run that a process of this machine began that is no more. */
  public static RunRecord orphaned(String run, String recipe, Instant started) {
    ProcessIdentity self = ProcessIdentity.current();
    return of(
        run, recipe, started, new ProcessIdentity(self.host(), self.pid(), self.started() + 1));
  }

  static RunRecord of(String run, String recipe, Instant started, ProcessIdentity driver) {
    return new RunRecord(
        run,
        recipe,
        "/somewhere/.facet",
        "/somewhere",
        "./infra/facet run tiny.yaml",
        "[local]",
        "",
        driver,
        started.toString(),
        started.toString(),
        RunRecord.State.RUNNING,
        Optional.empty(),
        Optional.empty(),
        "",
        List.of());
  }
}

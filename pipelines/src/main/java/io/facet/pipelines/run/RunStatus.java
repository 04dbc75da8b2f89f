package io.facet.pipelines.run;

import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run stands at a moment.
 *
 * @param run as its driver wrote it down
 * @param driverGone begun, not ended, and its process is dead
 * @param progress of the instances that train, by name
 * @param at the moment
 */
public record RunStatus(
    RunRecord run, boolean driverGone, Map<String, InstanceProgress> progress, Instant at) {

  /** Looks at a run and into its attempt folders. */
  public static RunStatus of(RunRecord run, Instant now) {
    Map<String, InstanceProgress> progress = new LinkedHashMap<>();
    if (run.state() == RunRecord.State.RUNNING) {
      for (RunRecord.Instance instance : run.instances()) {
        if (instance.state() == RunRecord.InstanceState.RUNNING) {
          try {
            InstanceProgress.read(run.store(), instance, now)
                .ifPresent(found -> progress.put(instance.name(), found));
          } catch (IOException e) {
            throw new InfrastructureException(
                "the progress of %s cannot be read: %s".formatted(instance.name(), e.getMessage()),
                e);
          }
        }
      }
    }
    return new RunStatus(run, run.abandoned(now), progress, now);
  }

  /** Time since it began, or that it took. */
  public Duration duration() {
    return Duration.between(
        Instant.parse(run.started()), run.ended().map(Instant::parse).orElse(at));
  }

  /** The command that goes on with the run, from this directory. */
  public String resumeCommand() {
    boolean here = Path.of("").toAbsolutePath().toString().equals(run.folder());
    return here ? run.command() : "cd %s && %s".formatted(run.folder(), run.command());
  }
}

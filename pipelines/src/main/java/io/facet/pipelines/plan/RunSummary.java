package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param runId its name
 * @param status of the whole
 * @param outcomes of all instances, in the order of the plan
 */
public record RunSummary(String runId, Status status, List<Outcome> outcomes) {
  /** How a run or an instance ended. */
  public enum Status {
    FINISHED,
    FAILED,
    KILLED
  }

  /** What became of an instance. */
  public enum Result {
    CACHED,
    MADE,
    FAILED,
    SKIPPED
  }

  /**
   * One instance.
   *
   * @param name of the instance
   * @param fingerprint of its artifact
   * @param result what became of it
   * @param seconds it took, 0 if nothing was done
   * @param artifact if there is one
   * @param failure if it failed
   */
  public record Outcome(
      String name,
      String fingerprint,
      Result result,
      double seconds,
      Optional<Artifact> artifact,
      Optional<Throwable> failure) {

    /** Rows of all its tables. */
    public long rows() {
      return artifact
          .map(a -> a.manifest().tables().stream().mapToLong(Manifest.Table::rows).sum())
          .orElse(0L);
    }
  }

  /** The outcome of an instance. */
  public Optional<Outcome> outcome(String name) {
    return outcomes.stream().filter(outcome -> outcome.name().equals(name)).findFirst();
  }

  /** The failures, in order. */
  public List<Throwable> failures() {
    return outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList();
  }

  /** Exit code of the command line: 0, or that of the first failure. */
  public int exitCode() {
    if (status == Status.KILLED) {
      return ExitCodes.KILLED;
    }
    return failures().stream().findFirst().map(ExitCodes::of).orElse(ExitCodes.OK);
  }
}

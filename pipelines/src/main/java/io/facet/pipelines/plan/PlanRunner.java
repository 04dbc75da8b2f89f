package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.StoreErrors;
import io.facet.pipelines.plan.RunSummary.Outcome;
import io.facet.pipelines.plan.RunSummary.Result;
import io.facet.pipelines.plan.RunSummary.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Executes a plan: each instance is reused, or made in an attempt folder under a lease and
 * committed. A failed instance takes those that depend on it with it; the others go on.
 */
public final class PlanRunner {
  private final ArtifactStore store;
  private final String runId;
  private final Supplier<PipelineOptions> pipelineOptions;
  private final Listeners listeners;
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private volatile boolean cancelled;
  private volatile Thread thread;

  /**
   * @param runId name of the run, kept in the manifests of what it makes
   * @param pipelineOptions fresh options for each Beam pipeline
   */
  public PlanRunner(
      ArtifactStore store,
      String runId,
      Supplier<PipelineOptions> pipelineOptions,
      List<PlanListener> listeners) {
    this.store = store;
    this.runId = runId;
    this.pipelineOptions = pipelineOptions;
    this.listeners = new Listeners(listeners);
  }

  /** Executes the plan on this thread. Failures are in the summary, never thrown. */
  public RunSummary run(Plan plan) {
    thread = Thread.currentThread();
    listeners.planned(plan);
    for (PlannedInstance planned : plan.instances()) {
      Outcome outcome = cancelled ? skipped(planned, "the run was stopped") : one(plan, planned);
      outcomes.put(outcome.name(), outcome);
    }
    thread = null;
    if (cancelled) {
      Thread.interrupted(); // the interrupt was ours and has been obeyed
    }
    RunSummary summary = new RunSummary(runId, status(), List.copyOf(outcomes.values()));
    listeners.ended(summary);
    return summary;
  }

  /** Stops the run from another thread: what is being made is interrupted, the rest skipped. */
  public void cancel() {
    cancelled = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private Outcome one(Plan plan, PlannedInstance planned) {
    StageInstance instance = planned.instance();
    Map<String, Artifact> parents = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : instance.dependencies()) {
      Optional<Artifact> parent = outcomes.get(name).artifact();
      parent.ifPresentOrElse(artifact -> parents.put(name, artifact), () -> missing.add(name));
    }
    boolean enough = missing.isEmpty() || (instance.tolerant() && !parents.isEmpty());
    if (!enough) {
      return skipped(planned, String.join(", ", missing) + " failed");
    }
    long began = System.nanoTime();
    Fingerprint fingerprint = fingerprint(planned, parents);
    try {
      return make(plan, planned, fingerprint, parents, began);
    } catch (Exception e) {
      Throwable shown = cancelled ? cancellation(e) : userFailure(e);
      listeners.failed(instance, shown);
      return new Outcome(
          instance.name(),
          fingerprint.digest(),
          Result.FAILED,
          seconds(began),
          Optional.empty(),
          Optional.of(shown));
    }
  }

  private Outcome make(
      Plan plan,
      PlannedInstance planned,
      Fingerprint fingerprint,
      Map<String, Artifact> parents,
      long began)
      throws Exception {
    StageInstance instance = planned.instance();
    String stage = instance.stage();
    ArtifactStore.Found found = store.find(stage, fingerprint.digest());
    if (found.artifact().isPresent()) {
      listeners.cached(instance, found.artifact().get());
      return new Outcome(
          instance.name(),
          fingerprint.digest(),
          Result.CACHED,
          0,
          found.artifact(),
          Optional.empty());
    }
    if (found.damage().isPresent()) {
      listeners.warned(instance, "made again, since " + found.damage().get());
      store.discard(stage, fingerprint.digest());
    }
    Artifact artifact = attempt(plan, planned, fingerprint, parents);
    double seconds = seconds(began);
    listeners.finished(instance, artifact, seconds);
    return new Outcome(
        instance.name(),
        fingerprint.digest(),
        Result.MADE,
        seconds,
        Optional.of(artifact),
        Optional.empty());
  }

  private Artifact attempt(
      Plan plan, PlannedInstance planned, Fingerprint fingerprint, Map<String, Artifact> parents)
      throws Exception {
    StageInstance instance = planned.instance();
    Attempt attempt = store.begin(instance.stage(), fingerprint.digest());
    try {
      listeners.started(instance, fingerprint, attempt.resumed());
      Instant started = Instant.now();
      StageContext context =
          new StageContext(
              plan.context(),
              instance,
              fingerprint,
              attempt.folder(),
              attempt.resumed(),
              parents,
              store,
              pipelineOptions,
              listeners);
      StageResult result = planned.stage().run(context);
      if (cancelled) {
        throw new CancellationException("stopped");
      }
      Manifest manifest =
          new ManifestWriter(store, plan.context(), runId)
              .write(instance, fingerprint, attempt, result, started, Instant.now());
      return store.commit(attempt, manifest);
    } catch (Exception e) {
      abandon(attempt, e);
      throw e;
    }
  }

  /** A failure to release must not hide why the attempt failed; the lease then runs out. */
  private void abandon(Attempt attempt, Exception failure) {
    try {
      store.abandon(attempt);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** With a failed dependency gone, the artifact is another one. */
  private static Fingerprint fingerprint(PlannedInstance planned, Map<String, Artifact> parents) {
    Map<String, String> digests = new TreeMap<>();
    parents.forEach((name, artifact) -> digests.put(name, artifact.manifest().fingerprint()));
    return Fingerprint.of(
        planned.stage().name(),
        planned.stage().formatVersion(),
        planned.instance().inputs(),
        digests);
  }

  private Outcome skipped(PlannedInstance planned, String why) {
    listeners.skipped(planned.instance(), why);
    return new Outcome(
        planned.instance().name(),
        planned.fingerprint().digest(),
        Result.SKIPPED,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static Throwable userFailure(Exception failure) {
    Optional<RuntimeException> known = ExitCodes.known(failure);
    if (known.isPresent()) {
      return known.get();
    }
    return StoreErrors.diskTrouble(failure).map(Throwable.class::cast).orElse(failure);
  }

  private static Throwable cancellation(Exception failure) {
    CancellationException stopped = new CancellationException("stopped");
    stopped.initCause(failure);
    return stopped;
  }

  private Status status() {
    if (cancelled) {
      return Status.KILLED;
    }
    boolean whole =
        outcomes.values().stream()
            .allMatch(o -> o.result() == Result.CACHED || o.result() == Result.MADE);
    return whole ? Status.FINISHED : Status.FAILED;
  }

  private static double seconds(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
  }
}

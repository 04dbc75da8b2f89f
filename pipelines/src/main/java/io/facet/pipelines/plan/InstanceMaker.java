package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.RunSummary.Outcome;
import io.facet.pipelines.plan.RunSummary.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Makes one instance of a plan in an attempt folder under a lease, or reuses it. Safe for several
 * threads.
 */
final class InstanceMaker {
  private final ArtifactStore store;
  private final String runId;
  private final Supplier<PipelineOptions> pipelineOptions;
  private final Listeners listeners;
  private final BooleanSupplier cancelled;

  InstanceMaker(
      ArtifactStore store,
      String runId,
      Supplier<PipelineOptions> pipelineOptions,
      Listeners listeners,
      BooleanSupplier cancelled) {
    this.store = store;
    this.runId = runId;
    this.pipelineOptions = pipelineOptions;
    this.listeners = listeners;
    this.cancelled = cancelled;
  }

  /**
   * Reuses or makes an instance whose dependencies have ended. Failures are in the outcome.
   *
   * @param ended outcomes of at least its dependencies
   */
  Outcome make(Plan plan, PlannedInstance planned, Map<String, Outcome> ended) {
    StageInstance instance = planned.instance();
    Map<String, Artifact> parents = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : instance.dependencies()) {
      Optional<Artifact> parent = ended.get(name).artifact();
      parent.ifPresentOrElse(artifact -> parents.put(name, artifact), () -> missing.add(name));
    }
    Optional<String> lack = lack(instance, parents.keySet(), missing, ended);
    if (lack.isPresent()) {
      return skipped(planned, lack.get());
    }
    long began = System.nanoTime();
    Fingerprint fingerprint = fingerprint(planned, parents);
    try {
      return reuseOrMake(plan, planned, fingerprint, parents, began);
    } catch (Exception e) {
      Throwable shown = cancelled.getAsBoolean() ? cancellation(e) : Failures.shown(e);
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

  /** Why it cannot be made from what its dependencies left. */
  private static Optional<String> lack(
      StageInstance instance,
      Set<String> parents,
      List<String> missing,
      Map<String, Outcome> ended) {
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    if (!instance.tolerant()) {
      return Optional.of(String.join(", ", missing) + " failed");
    }
    Set<String> left = new HashSet<>();
    parents.forEach(name -> left.add(StageInstance.stageOf(name)));
    return missing.stream()
        .filter(name -> !left.contains(StageInstance.stageOf(name)))
        .findFirst()
        .map(
            name ->
                "no %s is left: %s failed%s"
                    .formatted(
                        StageInstance.stageOf(name),
                        String.join(", ", missing),
                        ended
                            .get(name)
                            .failure()
                            .map(failure -> " (" + failure.getMessage() + ")")
                            .orElse("")));
  }

  private Outcome reuseOrMake(
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
      List<String> aside = store.setAside(stage, fingerprint.digest());
      String places = aside.isEmpty() ? "" : "; set aside in " + String.join(", ", aside);
      listeners.warned(instance, found.damage().get() + places + "; made again");
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
      if (context.slots() > 0) {
        result.note(Manifest.SLOTS, Integer.toString(context.slots()));
      }
      if (cancelled.getAsBoolean()) {
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

  /** The outcome of one that cannot be made. */
  Outcome skipped(PlannedInstance planned, String why) {
    listeners.skipped(planned.instance(), why);
    return new Outcome(
        planned.instance().name(),
        planned.fingerprint().digest(),
        Result.SKIPPED,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static Throwable cancellation(Exception failure) {
    CancellationException stopped = new CancellationException("stopped");
    stopped.initCause(failure);
    return stopped;
  }

  private static double seconds(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
  }
}

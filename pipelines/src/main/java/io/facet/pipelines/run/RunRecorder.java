package io.facet.pipelines.run;

import io.facet.pipelines.DaemonThreads;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.run.RunRecord.Instance;
import io.facet.pipelines.run.RunRecord.InstanceState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link RunRecord} of a driver up to date. A store that cannot be written stops no run:
 * the trouble is logged, and the next change writes everything again.
 */
public final class RunRecorder implements PlanListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

  private final RunRecords records;
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final ScheduledExecutorService beat =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-run-record"));
  private RunRecord current;

  /**
   * Begins to record.
   *
   * @param begun the run before it is planned
   */
  public RunRecorder(RunRecords records, RunRecord begun) {
    this.records = records;
    this.current = begun;
    // The task handles its own failures; the future would only tell of the end at close().
    var unused =
        beat.scheduleWithFixedDelay(
            this::write,
            RunRecord.BEAT.toMillis(),
            RunRecord.BEAT.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void planned(Plan plan) {
    plan.instances()
        .forEach(
            planned ->
                instances.put(
                    planned.instance().name(),
                    new Instance(
                        planned.instance().name(),
                        planned.instance().stage(),
                        planned.fingerprint().digest(),
                        InstanceState.WAITING,
                        Optional.empty(),
                        0,
                        "")));
    write();
  }

  @Override
  public synchronized void cached(StageInstance instance, Artifact artifact) {
    change(instance, artifact.manifest().fingerprint(), InstanceState.CACHED, "");
  }

  @Override
  public synchronized void started(
      StageInstance instance, Fingerprint fingerprint, boolean resumed) {
    instances.put(
        instance.name(),
        new Instance(
            instance.name(),
            instance.stage(),
            fingerprint.digest(),
            InstanceState.RUNNING,
            Optional.of(Instant.now().toString()),
            0,
            ""));
    write();
  }

  @Override
  public synchronized void finished(StageInstance instance, Artifact artifact, double seconds) {
    change(instance, artifact.manifest().fingerprint(), InstanceState.DONE, "");
  }

  @Override
  public synchronized void failed(StageInstance instance, Throwable failure) {
    boolean stopped = failure instanceof CancellationException;
    String fingerprint = instances.get(instance.name()).fingerprint();
    change(
        instance,
        fingerprint,
        stopped ? InstanceState.STOPPED : InstanceState.FAILED,
        FailureText.of(failure));
  }

  @Override
  public synchronized void skipped(StageInstance instance, String why) {
    change(instance, instances.get(instance.name()).fingerprint(), InstanceState.SKIPPED, why);
  }

  @Override
  public void ended(RunSummary summary) {
    String reason = summary.failures().stream().findFirst().map(FailureText::of).orElse("");
    end(RunRecord.State.valueOf(summary.status().name()), summary.exitCode(), reason);
  }

  /** Ends the run; the first end counts. */
  public synchronized void end(RunRecord.State state, int exitCode, String reason) {
    if (current.state() == RunRecord.State.RUNNING) {
      current = current.ended(state, Optional.of(exitCode), reason, Instant.now());
      write();
    }
  }

  private void change(
      StageInstance instance, String fingerprint, InstanceState state, String note) {
    Optional<String> started = instances.get(instance.name()).started();
    double seconds =
        started
            .map(begun -> Duration.between(Instant.parse(begun), Instant.now()).toMillis() / 1000.0)
            .orElse(0.0);
    instances.put(
        instance.name(),
        new Instance(
            instance.name(), instance.stage(), fingerprint, state, started, seconds, note));
    write();
  }

  private synchronized void write() {
    try {
      current = current.with(List.copyOf(instances.values()), Instant.now());
      records.write(current);
    } catch (IOException e) {
      LOG.warn("the run cannot be written down: {}", e.toString());
    }
  }

  @Override
  public void close() {
    beat.shutdownNow();
  }
}

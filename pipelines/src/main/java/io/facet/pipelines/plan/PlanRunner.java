package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.plan.RunSummary.Outcome;
import io.facet.pipelines.plan.RunSummary.Result;
import io.facet.pipelines.plan.RunSummary.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Executes a plan, several instances side by side if asked to: each is reused, or made in an
 * attempt folder under a lease and committed. A failed instance takes those that depend on it with
 * it; the others go on. What an instance holds does not depend on what runs beside it.
 */
public final class PlanRunner {
  private final String runId;
  private final int jobs;
  private final Listeners listeners;
  private final InstanceMaker maker;
  private final CountDownLatch over = new CountDownLatch(1);
  private final InstanceThreads threads = new InstanceThreads();

  /** One instance at a time. */
  public PlanRunner(
      ArtifactStore store,
      String runId,
      Supplier<PipelineOptions> pipelineOptions,
      List<PlanListener> listeners) {
    this(store, runId, pipelineOptions, listeners, 1);
  }

  /**
   * Makes a runner for one run.
   *
   * @param runId name of the run, kept in the manifests of what it makes
   * @param pipelineOptions fresh options for each Beam pipeline
   * @param jobs instances made at the same time, at least 1
   */
  public PlanRunner(
      ArtifactStore store,
      String runId,
      Supplier<PipelineOptions> pipelineOptions,
      List<PlanListener> listeners,
      int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, is " + jobs);
    }
    this.runId = runId;
    this.jobs = jobs;
    this.listeners = new Listeners(listeners);
    this.maker = new InstanceMaker(store, runId, pipelineOptions, this.listeners, threads::stopped);
  }

  /** Executes the plan and waits for its end. Failures are in the summary, never thrown. */
  public RunSummary run(Plan plan) {
    try {
      listeners.planned(plan);
      Map<String, Outcome> outcomes = execute(plan);
      List<Outcome> ordered =
          plan.instances().stream().map(p -> outcomes.get(p.instance().name())).toList();
      RunSummary summary = new RunSummary(runId, status(ordered), ordered);
      listeners.ended(summary);
      return summary;
    } finally {
      over.countDown();
    }
  }

  /** Stops the run from another thread: what is being made is interrupted, the rest skipped. */
  public void cancel() {
    threads.stop();
  }

  /** Waits for {@link #run} to come to its end; answers whether it did in time. */
  public boolean awaitEnd(Duration longest) throws InterruptedException {
    return over.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Map<String, Outcome> execute(Plan plan) {
    Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    Deque<PlannedInstance> waiting = new ArrayDeque<>(plan.instances());
    int running = 0;
    try (threads) {
      ExecutorCompletionService<Outcome> ended =
          new ExecutorCompletionService<>(threads.open(jobs));
      while (!waiting.isEmpty() || running > 0) {
        for (Iterator<PlannedInstance> next = waiting.iterator();
            next.hasNext() && running < jobs; ) {
          PlannedInstance planned = next.next();
          if (outcomes.keySet().containsAll(planned.instance().dependencies())) {
            next.remove();
            running++;
            var unused = ended.submit(() -> one(plan, planned, outcomes));
          }
        }
        Outcome outcome = await(ended);
        outcomes.put(outcome.name(), outcome);
        running--;
      }
    }
    return outcomes;
  }

  private Outcome one(Plan plan, PlannedInstance planned, Map<String, Outcome> outcomes) {
    if (!threads.begin()) {
      return maker.skipped(planned, "the run was stopped");
    }
    try {
      Outcome outcome = maker.make(plan, planned, outcomes);
      if (outcome.failure().filter(CancellationException.class::isInstance).isPresent()) {
        cancel(); // somebody stopped this one from outside, and meant the run
      }
      return outcome;
    } finally {
      threads.end();
    }
  }

  /** An interrupt of the waiting thread stops the run, and the wait goes on until it has ended. */
  private Outcome await(ExecutorCompletionService<Outcome> ended) {
    while (true) {
      try {
        return ended.take().get();
      } catch (InterruptedException e) {
        cancel();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("an instance failed outside its stage", e.getCause());
      }
    }
  }

  private Status status(List<Outcome> outcomes) {
    if (threads.stopped()) {
      return Status.KILLED;
    }
    boolean whole =
        outcomes.stream().allMatch(o -> o.result() == Result.CACHED || o.result() == Result.MADE);
    return whole ? Status.FINISHED : Status.FAILED;
  }
}

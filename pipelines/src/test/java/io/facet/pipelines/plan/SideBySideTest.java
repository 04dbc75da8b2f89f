package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.plan.RunSummary.Result;
import io.facet.pipelines.recipe.SampleRecipes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances that need not wait for each other, made at the same time. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SideBySideTest {
  @TempDir private Path folder;
  private FakeStage distill;
  private List<Stage> stages;

  @BeforeEach
  void stages() {
    distill = new FakeStage("distill");
    for (String label : List.of("a#1", "b#1", "c#1", "d#1")) {
      distill.with(label, label, "ingest");
    }
    stages =
        List.of(
            new FakeStage("ingest").with("", "1"),
            distill,
            new FakeStage("evaluate")
                .tolerating("distill[a#1]", "distill[b#1]", "distill[c#1]", "distill[d#1]"));
  }

  @Test
  void asManyAsAskedForRunAtOnce() {
    CyclicBarrier pairs = new CyclicBarrier(2);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    distill.before =
        context -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          meet(pairs);
        };
    distill.after = context -> running.decrementAndGet();
    assertThat(run("store", 2).status()).isEqualTo(RunSummary.Status.FINISHED);
    assertThat(most).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void theFilesAreThoseOfOneAtATime(int jobs) {
    RunSummary sideBySide = run("side-by-side", jobs);
    RunSummary inTurn = run("in-turn", 1);
    assertThat(digests(sideBySide)).isEqualTo(digests(inTurn)).hasSize(6);
    assertThat(sideBySide.outcomes())
        .extracting(RunSummary.Outcome::name)
        .isEqualTo(inTurn.outcomes().stream().map(RunSummary.Outcome::name).toList());
  }

  @Test
  void oneThatFailsLeavesTheOthersToFinish() {
    CyclicBarrier all = new CyclicBarrier(4);
    distill.before =
        context -> {
          meet(all);
          FakeStage.failing("distill[b#1]").accept(context);
        };
    RunSummary summary = run("store", 4);
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(summary.outcomes())
        .extracting(RunSummary.Outcome::result)
        .containsExactly(
            Result.MADE, Result.MADE, Result.FAILED, Result.MADE, Result.MADE, Result.MADE);
  }

  @Test
  void cancellingInterruptsAllOfThem() {
    CyclicBarrier both = new CyclicBarrier(2);
    CountDownLatch never = new CountDownLatch(1);
    PlanRunner runner = runner(2, ArtifactStore.open(folder.resolve("store").toString()));
    distill.before =
        context -> {
          int place = meet(both);
          if (place == 0) {
            runner.cancel();
          }
          await(never);
        };
    RunSummary summary = runner.run(plan("store"));
    assertThat(summary.status()).isEqualTo(RunSummary.Status.KILLED);
    assertThat(summary.outcomes())
        .extracting(RunSummary.Outcome::result)
        .containsExactly(
            Result.MADE,
            Result.FAILED,
            Result.FAILED,
            Result.SKIPPED,
            Result.SKIPPED,
            Result.SKIPPED);
    assertThat(summary.failures()).allMatch(CancellationException.class::isInstance);
  }

  @Test
  void anInstanceCancelledFromOutsideStopsTheRun() {
    distill.before =
        context -> {
          throw new CancellationException("the job was cancelled");
        };
    RunSummary summary = run("store", 1);
    assertThat(summary.status()).isEqualTo(RunSummary.Status.KILLED);
    assertThat(distill.ran).hasSize(1);
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.KILLED);
  }

  private RunSummary run(String name, int jobs) {
    try (ArtifactStore store = ArtifactStore.open(folder.resolve(name).toString())) {
      return runner(jobs, store).run(plan(name));
    }
  }

  private static PlanRunner runner(int jobs, ArtifactStore store) {
    return new PlanRunner(store, "run", PipelineOptionsFactory::create, List.of(), jobs);
  }

  private Plan plan(String name) {
    try (ArtifactStore store = ArtifactStore.open(folder.resolve(name).toString())) {
      PlanContext context =
          new PlanContext(SampleRecipes.whole(), Map.of(), "unknown", store.root());
      return Plan.of(stages, context, store);
    }
  }

  private static Map<String, String> digests(RunSummary summary) {
    return summary.outcomes().stream()
        .collect(
            Collectors.toMap(
                RunSummary.Outcome::name,
                o ->
                    o.artifact()
                        .orElseThrow()
                        .manifest()
                        .attachment("out.txt")
                        .orElseThrow()
                        .file()
                        .sha256()));
  }

  private static int meet(CyclicBarrier barrier) {
    try {
      return barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new DataException("the others did not come", e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}

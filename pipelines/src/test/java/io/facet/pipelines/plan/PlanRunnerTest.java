package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.MovableClock;
import io.facet.pipelines.plan.RunSummary.Result;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.SampleRecipes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanRunnerTest {
  private static final Recipe RECIPE = SampleRecipes.whole();

  @TempDir private Path folder;
  private final MovableClock clock = new MovableClock();
  private ArtifactStore store;
  private FakeStage ingest;
  private FakeStage distill;
  private FakeStage evaluate;

  @BeforeEach
  void stages() {
    store = open();
    ingest = new FakeStage("ingest").with("", "1");
    distill = new FakeStage("distill").with("a#1", "1", "ingest").with("b#1", "2", "ingest");
    evaluate = new FakeStage("evaluate").tolerating("distill[a#1]", "distill[b#1]");
  }

  @Test
  void makesEverythingOnceAndReusesItAfterwards() {
    RunSummary first = run("run-1");
    assertThat(first.outcomes()).extracting(o -> o.result()).containsOnly(Result.MADE);
    assertThat(first.status()).isEqualTo(RunSummary.Status.FINISHED);
    RunSummary second = run("run-2");
    assertThat(second.outcomes()).extracting(o -> o.result()).containsOnly(Result.CACHED);
    assertThat(second.exitCode()).isZero();
    assertThat(ingest.ran).hasSize(1);
    assertThat(
            second.outcome("ingest").orElseThrow().artifact().orElseThrow().manifest().originRun())
        .isEqualTo("run-1");
  }

  @Test
  void aNewInstanceRunsAloneAndWhatDependsOnIt() {
    run("run-1");
    distill.with("c#1", "3", "ingest");
    evaluate = new FakeStage("evaluate").tolerating("distill[a#1]", "distill[b#1]", "distill[c#1]");
    assertThat(reasons(plan()))
        .containsExactly(
            "ingest: made by run run-1",
            "distill[a#1]: made by run run-1",
            "distill[b#1]: made by run run-1",
            "distill[c#1]: first run",
            "evaluate: parents changed: distill[c#1]");
    distill.ran.clear();
    run("run-2");
    assertThat(distill.ran).containsExactly("distill[c#1]");
  }

  @Test
  void saysWhichOptionChanged() {
    run("run-1");
    ingest = new FakeStage("ingest").with("", "5");
    assertThat(reasons(plan()))
        .startsWith(
            "ingest: options changed: size (1 → 5)", "distill[a#1]: parents changed: ingest");
  }

  @Test
  void whatToleratesFailuresIsSkippedWithTheCauseWhenNoneOfAStageIsLeft() {
    FakeStage publish =
        new FakeStage("publish").tolerating("distill[a#1]", "distill[b#1]", "ingest");
    Map<String, String> skipped = new TreeMap<>();
    PlanListener listener =
        new PlanListener() {
          @Override
          public void skipped(StageInstance instance, String why) {
            skipped.put(instance.name(), why);
          }
        };
    distill.before =
        context -> {
          throw new DataException("no faces in " + context.instance().name());
        };
    RunSummary summary =
        runner(store, "run-1", List.of(listener))
            .run(plan(List.of(ingest, distill, evaluate, publish), store));
    assertThat(results(summary))
        .containsEntry("evaluate", Result.SKIPPED)
        .containsEntry("publish", Result.SKIPPED);
    assertThat(skipped.get("publish"))
        .isEqualTo(
            "no distill is left: distill[a#1], distill[b#1] failed (no faces in distill[a#1])");
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.DATA);
  }

  @Test
  void aFailureStopsOnlyWhatDependsOnIt() {
    FakeStage publish = new FakeStage("publish").with("", "1", "distill[b#1]");
    distill.before = FakeStage.failing("distill[b#1]");
    RunSummary summary = run("run-1", List.of(ingest, distill, evaluate, publish));
    assertThat(results(summary))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ingest", Result.MADE,
                "distill[a#1]", Result.MADE,
                "distill[b#1]", Result.FAILED,
                "evaluate", Result.MADE,
                "publish", Result.SKIPPED));
    assertThat(summary.status()).isEqualTo(RunSummary.Status.FAILED);
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.DATA);

    distill.before = context -> {};
    RunSummary mended = run("run-2", List.of(ingest, distill, evaluate, publish));
    assertThat(results(mended))
        .containsEntry("distill[a#1]", Result.CACHED)
        .containsEntry("distill[b#1]", Result.MADE)
        .as("an evaluation without b is not the evaluation with it")
        .containsEntry("evaluate", Result.MADE);
  }

  @Test
  void aRunThatDiesAnywhereEndsWithTheSameFilesOnceRunAgain() throws IOException {
    Map<String, String> undisturbed =
        run("run-1").outcomes().stream()
            .collect(TreeMap::new, (map, o) -> map.put(o.name(), digest(o)), TreeMap::putAll);
    for (String victim : undisturbed.keySet()) {
      for (boolean late : List.of(false, true)) {
        ArtifactStore other =
            ArtifactStore.open(
                folder.resolve(victim.replaceAll("\\W", "-") + late).toString(),
                clock,
                ArtifactStore.LEASE);
        List<FakeStage> stages = fresh();
        for (FakeStage stage : stages) {
          if (late) {
            stage.after = dying(victim);
          } else {
            stage.before = dying(victim);
          }
        }
        assertThatThrownBy(() -> runner(other, "dead", List.of()).run(plan(stages, other)))
            .isInstanceOf(Dead.class);
        other.close();
        clock.advance(Duration.ofMinutes(5));

        ArtifactStore reopened = ArtifactStore.open(other.root(), clock, ArtifactStore.LEASE);
        RunSummary again =
            runner(reopened, "run-2", List.of()).run(plan(List.copyOf(fresh()), reopened));
        assertThat(again.status()).isEqualTo(RunSummary.Status.FINISHED);
        again.outcomes().forEach(o -> assertThat(digest(o)).isEqualTo(undisturbed.get(o.name())));
        assertThat(attempts(reopened)).as("no abandoned attempt left").hasSize(4);
        reopened.close();
      }
    }
  }

  @Test
  void resumesInTheFolderOfAnAttemptWithCheckpoints() {
    List<Boolean> resumed = new ArrayList<>();
    distill.before =
        context -> {
          resumed.add(context.resumed());
          if (!context.resumed()) {
            put(context, "checkpoints/main/1");
            throw new IllegalStateException("out of luck");
          }
        };
    FakeStage one = distill;
    assertThat(run("run-1", List.of(ingest, one)).exitCode()).isEqualTo(ExitCodes.BUG);
    RunSummary again = run("run-2", List.of(ingest, one));
    assertThat(again.status()).isEqualTo(RunSummary.Status.FINISHED);
    assertThat(resumed).containsExactly(false, false, true, true);
  }

  @Test
  void ofTwoRunnersAtOnceOneCommitsAndBothGoOnWithIt() throws InterruptedException {
    CountDownLatch bothInside = new CountDownLatch(2);
    AtomicReference<RunSummary> theirs = new AtomicReference<>();
    List<FakeStage> ourStages = List.of(new FakeStage("ingest").with("", "1"));
    List<FakeStage> theirStages = List.of(new FakeStage("ingest").with("", "1"));
    ourStages.get(0).before = context -> meet(bothInside);
    theirStages.get(0).before = context -> meet(bothInside);
    ArtifactStore other = open();
    Thread rival =
        new Thread(
            () ->
                theirs.set(
                    runner(other, "theirs", List.of()).run(plan(List.copyOf(theirStages), other))));
    rival.start();
    RunSummary ours = runner(store, "ours", List.of()).run(plan(List.copyOf(ourStages), store));
    rival.join();
    assertThat(ours.outcome("ingest").orElseThrow().artifact().orElseThrow().uri())
        .isEqualTo(theirs.get().outcome("ingest").orElseThrow().artifact().orElseThrow().uri());
    assertThat(attempts(store)).hasSize(1);
  }

  @Test
  void cancellingInterruptsTheStageAndSkipsTheRest() {
    PlanRunner runner = runner(store, "run-1", List.of());
    distill.before =
        context -> {
          runner.cancel();
          assertThat(Thread.currentThread().isInterrupted()).isTrue();
        };
    RunSummary summary = runner.run(plan());
    assertThat(summary.status()).isEqualTo(RunSummary.Status.KILLED);
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.KILLED);
    assertThat(results(summary))
        .containsEntry("ingest", Result.MADE)
        .containsEntry("distill[a#1]", Result.FAILED)
        .containsEntry("evaluate", Result.SKIPPED);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aListenerThatFailsStopsNothing() {
    List<String> heard = new ArrayList<>();
    PlanListener broken =
        new PlanListener() {
          @Override
          public void started(StageInstance instance, Fingerprint fingerprint, boolean resumed) {
            throw new IllegalStateException("broken");
          }
        };
    PlanListener listening =
        new PlanListener() {
          @Override
          public void started(StageInstance instance, Fingerprint fingerprint, boolean resumed) {
            heard.add("started " + instance.name());
          }

          @Override
          public void ended(RunSummary summary) {
            heard.add(summary.status().name());
          }
        };
    runner(store, "run-1", List.of(broken, listening)).run(plan(List.of(ingest), store));
    assertThat(heard).containsExactly("started ingest", "FINISHED");
  }

  @Test
  void aDamagedArtifactIsMadeAgain() throws IOException {
    RunSummary first = run("run-1");
    Path file =
        Path.of(
            first
                .outcome("ingest")
                .orElseThrow()
                .artifact()
                .orElseThrow()
                .attachmentUri("out.txt"));
    Files.delete(file);
    assertThat(reasons(plan()).get(0)).contains("is damaged").contains("found no file");
    assertThat(results(run("run-2")))
        .containsEntry("ingest", Result.MADE)
        .as("equal inputs: what was made from it still holds")
        .containsEntry("distill[a#1]", Result.CACHED);
  }

  @Test
  void dependenciesNobodyMakesAreABug() {
    List<FakeStage> stages = List.of(new FakeStage("align").with("", "1", "nothing"));
    assertThatThrownBy(() -> plan(List.copyOf(stages), store))
        .hasMessage("align depends on nothing, which no stage makes");
  }

  private static final class Dead extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static Consumer<StageContext> dying(String victim) {
    return context -> {
      put(context, "half.bin");
      if (context.instance().name().equals(victim)) {
        throw new Dead();
      }
    };
  }

  private static void put(StageContext context, String name) {
    try {
      context.attempt().put(name, new byte[] {1});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void meet(CountDownLatch latch) {
    latch.countDown();
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new DataException("the other runner did not come");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ArtifactStore open() {
    return ArtifactStore.open(folder.resolve("store").toString(), clock, ArtifactStore.LEASE);
  }

  private static List<FakeStage> fresh() {
    return List.of(
        new FakeStage("ingest").with("", "1"),
        new FakeStage("distill").with("a#1", "1", "ingest").with("b#1", "2", "ingest"),
        new FakeStage("evaluate").tolerating("distill[a#1]", "distill[b#1]"));
  }

  private Plan plan() {
    return plan(List.of(ingest, distill, evaluate), store);
  }

  private static Plan plan(List<? extends Stage> stages, ArtifactStore store) {
    PlanContext context =
        new PlanContext(RECIPE, Map.of("pytorch", "2.7.1"), "c0ffee", store.root());
    return Plan.of(List.copyOf(stages), context, store);
  }

  private RunSummary run(String id) {
    return run(id, List.of(ingest, distill, evaluate));
  }

  private RunSummary run(String id, List<FakeStage> stages) {
    return runner(store, id, List.of()).run(plan(stages, store));
  }

  private static PlanRunner runner(ArtifactStore store, String id, List<PlanListener> listeners) {
    return new PlanRunner(store, id, PipelineOptionsFactory::create, listeners);
  }

  private static List<String> reasons(Plan plan) {
    return plan.instances().stream().map(PlannedInstance::toString).toList();
  }

  private static Map<String, Result> results(RunSummary summary) {
    Map<String, Result> results = new TreeMap<>();
    summary.outcomes().forEach(o -> results.put(o.name(), o.result()));
    return results;
  }

  private static String digest(RunSummary.Outcome outcome) {
    return outcome
        .artifact()
        .orElseThrow()
        .manifest()
        .attachment("out.txt")
        .orElseThrow()
        .file()
        .sha256();
  }

  private static List<Path> attempts(ArtifactStore store) {
    try (var files = Files.walk(Path.of(store.root()))) {
      return files.filter(p -> p.getFileName().toString().startsWith("attempt-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

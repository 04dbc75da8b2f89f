package io.facet.pipelines.nightly;

import io.facet.models.RecipeException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.champion.GateDecision.Verdict;
import io.facet.pipelines.mlflow.ChampionMirror;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Failures;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.run.Console;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRequest;
import io.facet.tracking.Tracking;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.file.Locks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One night of a recipe: under a lock, run what is new, let the gate judge, promote or report,
 * clean up, keep a summary.
 */
public final class NightlyRun {
  /** How long delivered tracking sessions stay in the outbox. */
  private static final Duration KEEP_DELIVERED = Duration.ofDays(14);

  private final RunRequest request;
  private final Console console;
  private final Path folder;
  private final List<Stage> stages;

  /** Asked for by somebody, told to somebody, with these stages. */
  public NightlyRun(RunRequest request, Console console, List<Stage> stages) {
    this.request = request;
    this.console = console;
    folder = request.folder();
    this.stages = stages;
  }

  /** Runs the night; empty if one of this recipe runs already. */
  public Optional<Night> execute() throws IOException {
    Path recipe = request.recipe();
    RecipeFile file = RecipeFile.read(recipe, request.settings());
    if (!file.recipe().publish().enabled() || file.recipe().distill().methods().isEmpty()) {
      throw new RecipeException(
          recipe + ": a night needs students and publish.enabled: true; nothing would be judged");
    }
    Nights nights = new Nights(folder, file.recipe().name());
    Optional<Locks.Held> lock = nights.tryLock();
    if (lock.isEmpty()) {
      String who =
          nights
              .holder()
              .map(h -> " (process %d since %s)".formatted(h.pid(), h.since()))
              .orElse("");
      say("a night of " + file.recipe().name() + " runs already" + who + "; nothing to do");
      return Optional.empty();
    }
    try (Locks.Held held = lock.get();
        ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      return Optional.of(night(file, store, nights));
    }
  }

  private Night night(RecipeFile file, ArtifactStore store, Nights nights) {
    boolean resumed = nights.unfinished();
    Nights.Begun begun = nights.begin();
    if (resumed) {
      say("going on with night %d, begun %s".formatted(begun.number(), begun.begun()));
    }
    long began = System.nanoTime();
    NightReport report = new NightReport(begun, file.recipe().name(), resumed);
    try {
      run(file, store, report);
    } catch (RuntimeException e) {
      report.failed(Failures.shown(e));
    }
    tidy(file.recipe(), store, report);
    report.champion(champions(file.recipe(), store));
    report.images(nights.all());
    report.undelivered(Tracking.status(folder).undelivered());
    Night night = report.night(Duration.ofNanos(System.nanoTime() - began));
    if (night.exitCode() == ExitCodes.KILLED) {
      return night; // without summary: the next start goes on with it
    }
    return keep(nights, night);
  }

  private Night keep(Nights nights, Night night) {
    console.print("\n" + Nights.text(night));
    nights.end(night);
    request.json().ifPresent(json -> write(night, json));
    return night;
  }

  private static void write(Night night, Path json) {
    try {
      LocalFiles.replace(
          json.toAbsolutePath().toString(),
          JsonText.pretty(RecordBinder.toTree(night)).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(json + ": the summary cannot be written", e);
    }
  }

  private void run(RecipeFile file, ArtifactStore store, NightReport report) {
    Tracking.reap(folder, RunStatus.FAILED, "the process died without ending its run");
    Champions champions = champions(file.recipe(), store);
    Optional<Champion> before = champions.current();
    Plan plan =
        Plan.of(stages, RecipeRun.context(file, store, request).withGate(champions.gate()), store);
    RunSummary summary = new RecipeRun(request, console).execute(file, store, plan).summary();
    report.ran(plan, summary);
    Optional<Artifact> gate = summary.outcome("gate").flatMap(RunSummary.Outcome::artifact);
    if (summary.status() != RunSummary.Status.FINISHED || gate.isEmpty()) {
      report.failed(
          summary.failures().stream().findFirst().orElseGet(() -> missing()), summary.status());
      return;
    }
    decide(file.recipe(), champions, before, gate.get(), report);
  }

  private static InfrastructureException missing() {
    return new InfrastructureException("the run ended without a decision of the gate");
  }

  private void decide(
      Recipe recipe,
      Champions champions,
      Optional<Champion> before,
      Artifact gate,
      NightReport report) {
    ChampionMirror.Decision decision = ChampionMirror.Decision.of(gate);
    Verdict verdict =
        Verdict.valueOf(gate.manifest().notes().get("verdict").toUpperCase(Locale.ROOT));
    Candidate candidate = champions.candidate().orElseThrow();
    report.decided(verdict, decision.line(), candidate, !recipe.nightly().promote());
    ChampionMirror mirror =
        new ChampionMirror(
            TrackingTarget.of(request.trackingUri(), recipe, folder),
            folder,
            recipe.tracking().experiment());
    if (verdict.promotes() && recipe.nightly().promote()) {
      Champion.Action action =
          verdict == Verdict.FIRST ? Champion.Action.FIRST : Champion.Action.PROMOTED;
      Champion champion =
          champions.promote(
              candidate, before, action, decision.line(), gate.manifest().fingerprint());
      mirror.moved(champion, Optional.of(decision));
    } else if (verdict != Verdict.UNCHANGED) {
      mirror.judged(candidate.model(), candidate.fingerprint(), decision);
    } else {
      before.filter(champion -> report.madeTonight(champion)).ifPresent(report::promotedBefore);
    }
  }

  /** Trouble in cleaning is no trouble of the night: it is said and tried again next night. */
  private void tidy(Recipe recipe, ArtifactStore store, NightReport report) {
    try {
      report.removed(
          Retention.clean(store, folder, recipe.name(), recipe.nightly(), report.parts()));
      Tracking.clean(folder, KEEP_DELIVERED);
    } catch (IOException | RuntimeException e) {
      console.complain("facet: not cleaned up: " + FailureText.of(e));
    }
  }

  private static Champions champions(Recipe recipe, ArtifactStore store) {
    return new Champions(store, recipe.publish().model(recipe.name()));
  }

  private void say(String line) {
    console.print("%s%n".formatted(line));
  }
}

package io.facet.pipelines.cli;

import io.facet.pipelines.ProcessIdentity;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.PlanRunner;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.reproduce.MachineFacts;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.run.AbandonedRuns;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecorder;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.stage.Hardware;
import io.facet.pipelines.stage.Libraries;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.RunStatus;
import io.facet.tracking.SystemTags;
import io.facet.tracking.Tracking;
import io.facet.tracking.TrackingStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** One execution of a recipe: plan, run, track, report. */
final class RecipeRun {
  /** Environment variable that gives a run its id. */
  static final String RUN_ID = "FACET_RUN_ID";

  /** How long a stopped run may take to save a checkpoint and come to its end. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(45);

  private static final String SIGNAL = "stopped by a signal";

  private final RunOptions options;
  private final CommandLine commandLine;
  private final PrintWriter out;

  RecipeRun(RunOptions options, CommandLine commandLine) {
    this.options = options;
    this.commandLine = commandLine;
    this.out = commandLine.getOut();
  }

  /** How it ended and where MLflow shows it. */
  record Ended(
      RunSummary summary, Reproduction reproduction, Optional<String> page, int exitCode) {}

  /** Plans a recipe on a store. */
  static Plan plan(RecipeFile file, ArtifactStore store) {
    return Plan.of(Stages.all(), context(file, store), store);
  }

  /** What a recipe is planned from. */
  static PlanContext context(RecipeFile file, ArtifactStore store) {
    return new PlanContext(file.recipe(), Libraries.versions(), gitCommit(), store.root());
  }

  Ended execute(Path recipe) {
    RecipeFile file = RecipeFile.read(recipe, options.settings());
    options.runner(); // a cluster that cannot be used is said before anything is planned
    try (ArtifactStore store = ArtifactStore.open(options.storeRoot())) {
      return execute(file, store, plan(file, store));
    }
  }

  /** Executes a plan of the recipe. */
  Ended execute(RecipeFile file, ArtifactStore store, Plan plan) {
    return execute(file, store, plan, TrackingTarget.of(options, file.recipe()), Map.of());
  }

  /** As {@link #execute(Path)}, from a recipe at hand, told to a server of the caller. */
  Ended execute(RecipeFile file, TrackingTarget target, Map<String, String> tags) {
    try (ArtifactStore store = ArtifactStore.open(options.storeRoot())) {
      return execute(file, store, plan(file, store), target, tags);
    }
  }

  private Ended execute(
      RecipeFile file,
      ArtifactStore store,
      Plan plan,
      TrackingTarget target,
      Map<String, String> tags) {
    String runId = runId();
    Map<String, String> systemTags = systemTags(commandText());
    Map<String, String> machine = MachineFacts.collect(systemTags, Hardware.threads(file.recipe()));
    systemTags.putAll(tags);
    RunRecords records = new RunRecords(options.store());
    new AbandonedRuns(records).close();
    store.sweep();
    CountDownLatch reported = new CountDownLatch(1);
    try (Terminal terminal = new Terminal(commandLine.getErr(), options.jobs());
        RunRecorder recorder =
            new RunRecorder(records, record(runId, file.recipe().name(), target));
        Tracking tracking = Tracking.open(target.options(), options.store())) {
      MlflowListener mlflow =
          new MlflowListener(tracking, file, runId, systemTags, machine, options.store());
      PlanRunner runner =
          new PlanRunner(
              store,
              runId,
              options.runner()::create,
              List.<PlanListener>of(terminal, mlflow, recorder),
              options.jobs());
      Thread stopper =
          new Thread(
              () -> {
                terminal.stopping();
                stop(runner, reported, recorder, tracking);
              },
              "facet-stop");
      Runtime.getRuntime().addShutdownHook(stopper);
      RunSummary summary = runner.run(plan);
      boolean stopped = !removeHook(stopper);
      propose(file.recipe(), store, summary);
      tracking.close(stopped ? TrackingTarget.DRAIN_ON_SIGNAL : TrackingTarget.DRAIN);
      Optional<String> page = mlflow.page();
      Reproduction reproduction = Reproduction.of(summary, file.yaml(), machine);
      StoredRuns.keep(options.store(), reproduction);
      report(plan, summary, page, target, tracking.status());
      return new Ended(summary, reproduction, page, summary.exitCode());
    } finally {
      reported.countDown();
    }
  }

  /** What was published is the model's newest candidate. */
  private static void propose(Recipe recipe, ArtifactStore store, RunSummary summary) {
    String model = recipe.publish().model(recipe.name());
    summary
        .outcome("publish")
        .flatMap(RunSummary.Outcome::artifact)
        .ifPresent(artifact -> new Champions(store, model).propose(Candidate.of(model, artifact)));
  }

  /**
   * Ctrl-C or SIGTERM: stops what runs and lets the run come to its end, which says KILLED
   * everywhere; if that takes too long, says so in its place.
   */
  private static void stop(
      PlanRunner runner, CountDownLatch reported, RunRecorder recorder, Tracking tracking) {
    runner.cancel();
    try {
      if (reported.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    recorder.end(RunRecord.State.KILLED, ExitCodes.KILLED, SIGNAL);
    tracking.endOpenRuns(RunStatus.KILLED, SIGNAL);
    tracking.close(TrackingTarget.DRAIN_ON_SIGNAL);
  }

  /** Answers false if the process is going down already: then the hook waits for our end. */
  private static boolean removeHook(Thread stopper) {
    try {
      return Runtime.getRuntime().removeShutdownHook(stopper);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void report(
      Plan plan,
      RunSummary summary,
      Optional<String> page,
      TrackingTarget target,
      TrackingStatus tracked) {
    TextTable results = ResultsTable.of(summary, plan.context().recipe().evaluate().confidence());
    if (!results.isEmpty()) {
      out.println();
      out.print(results.toText());
      out.println();
    }
    for (Throwable failure : summary.failures()) {
      boolean asked =
          summary.status() == RunSummary.Status.KILLED && failure instanceof CancellationException;
      if (!asked) {
        commandLine.getErr().println("facet: " + FailureText.of(failure));
      }
    }
    if (summary.status() == RunSummary.Status.KILLED) {
      commandLine.getErr().println("facet: the run was stopped and has ended as KILLED");
    }
    if (summary.status() != RunSummary.Status.FINISHED) {
      commandLine.getErr().println("facet: to resume: " + resumeCommand());
    }
    out.println("artifacts  " + options.storeRoot());
    page.ifPresent(address -> out.println("MLflow     " + address));
    if (page.isEmpty() || !tracked.complete()) {
      out.println(target.told(tracked, options.store()));
    }
    out.flush();
    commandLine.getErr().flush();
    options.json().ifPresent(json -> write(RunJson.ofRun(plan, summary), json));
  }

  /** The run as it begins, for {@code facet status} and {@code facet cancel}. */
  private RunRecord record(String runId, String recipe, TrackingTarget target) {
    String now = Instant.now().toString();
    return new RunRecord(
        runId,
        recipe,
        options.storeRoot(),
        Path.of("").toAbsolutePath().toString(),
        Redaction.text(resumeCommand()),
        options.runner().flinkMaster(),
        target.options().server().map(URI::toString).map(Redaction::text).orElse(""),
        ProcessIdentity.current(),
        now,
        now,
        RunRecord.State.RUNNING,
        Optional.empty(),
        Optional.empty(),
        "",
        List.of());
  }

  /** A driver in the background has the id that its parent told the user. */
  private static String runId() {
    return Optional.ofNullable(System.getenv(RUN_ID)).orElseGet(() -> UUID.randomUUID().toString());
  }

  private String resumeCommand() {
    if (commandLine.getParseResult() == null) {
      return "";
    }
    CommandLine whole = commandLine.getParent() == null ? commandLine : commandLine.getParent();
    return ResumeCommand.text("./infra/facet", whole.getParseResult().originalArgs());
  }

  private static void write(RunJson json, Path file) {
    try {
      json.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the summary cannot be written", e);
    }
  }

  /** What MLflow shows as the source of the run. */
  private String commandText() {
    if (commandLine.getParseResult() == null) {
      return "facet";
    }
    CommandLine whole = commandLine.getParent() == null ? commandLine : commandLine.getParent();
    return Redaction.text("facet " + String.join(" ", whole.getParseResult().originalArgs()));
  }

  private static Map<String, String> systemTags(String source) {
    return SystemTags.collect(source, programFolder());
  }

  private static String gitCommit() {
    return SystemTags.commit(programFolder()).orElse("unknown");
  }

  private static Path programFolder() {
    return Path.of(System.getProperty("facet.root", ".")).toAbsolutePath();
  }
}

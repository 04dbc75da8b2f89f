package io.facet.pipelines.run;

import io.facet.pipelines.ProcessIdentity;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.leaderboard.ResultsTable;
import io.facet.pipelines.mlflow.MlflowListener;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.overview.RunPage;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.PlanRunner;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.recipe.EvaluateRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.reproduce.MachineFacts;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.stage.EvaluateStage;
import io.facet.pipelines.stage.Hardware;
import io.facet.pipelines.stage.Libraries;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.SystemTags;
import io.facet.tracking.Tracking;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.RunStatus;
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

/** One execution of a recipe: plan, run, track, report. */
public final class RecipeRun {
  /** Environment variable that gives a run its id. */
  public static final String RUN_ID = "FACET_RUN_ID";

  /** How long a stopped run may take to save a checkpoint and come to its end. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(45);

  private static final String SIGNAL = "stopped by a signal";

  private final RunRequest request;
  private final Console console;
  private final Path folder;

  /** Asked for by somebody, told to somebody. */
  public RecipeRun(RunRequest request, Console console) {
    this.request = request;
    this.console = console;
    folder = request.folder();
  }

  /** Plans a recipe on a store; registered models that it names are looked up. */
  public static Plan plan(RecipeFile file, ArtifactStore store, RunRequest request) {
    if (request.flinkMaster().equals(RunnerOptions.LOCAL)) {
      Hardware.requireDevice(file.recipe());
    }
    return Plan.of(Stages.all(), context(file, store, request), store);
  }

  /** What a recipe is planned from. */
  public static PlanContext context(RecipeFile file, ArtifactStore store, RunRequest request) {
    return new PlanContext(file.recipe(), Libraries.versions(), gitCommit(), store.root())
        .withRegistered(
            RegisteredModels.of(
                file.recipe(),
                () ->
                    TrackingTarget.of(request.trackingUri(), file.recipe(), request.folder())
                        .options()));
  }

  /** Plans and executes the recipe. */
  public RunResult execute() {
    RecipeFile file = RecipeFile.read(request.recipe(), request.settings());
    RunnerOptions pipelines = request.pipelines(); // a cluster is asked before anything is planned
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      return execute(file, store, plan(file, store, request), target(file), Map.of(), pipelines);
    }
  }

  /** Executes a plan of the recipe. */
  public RunResult execute(RecipeFile file, ArtifactStore store, Plan plan) {
    return execute(file, store, plan, target(file), Map.of(), request.pipelines());
  }

  /** As {@link #execute()}, from a recipe at hand, told to a server of the caller. */
  public RunResult execute(RecipeFile file, TrackingTarget target, Map<String, String> tags) {
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      return execute(file, store, plan(file, store, request), target, tags, request.pipelines());
    }
  }

  private TrackingTarget target(RecipeFile file) {
    return TrackingTarget.of(request.trackingUri(), file.recipe(), folder);
  }

  private RunResult execute(
      RecipeFile file,
      ArtifactStore store,
      Plan plan,
      TrackingTarget target,
      Map<String, String> tags,
      RunnerOptions pipelines) {
    if (pipelines.flinkMaster().equals(RunnerOptions.LOCAL)) {
      Hardware.requireDevice(file.recipe())
          .ifPresent(warning -> console.complain("facet: warning: " + warning));
    }
    String runId = runId();
    Map<String, String> systemTags = systemTags(commandText());
    Map<String, String> machine = MachineFacts.collect(systemTags, Hardware.threads(file.recipe()));
    systemTags.putAll(tags);
    RunRecords records = new RunRecords(folder);
    new AbandonedRuns(records).close();
    store.sweep();
    CountDownLatch reported = new CountDownLatch(1);
    try (Console.Progress progress = console.progress(request.jobs());
        RunRecorder recorder =
            new RunRecorder(
                records, record(runId, file.recipe().name(), target, pipelines.flinkMaster()));
        Tracking tracking = Tracking.open(target.options(), folder)) {
      MlflowListener mlflow =
          new MlflowListener(tracking, file, runId, systemTags, machine, folder);
      PageListener reporter =
          new PageListener(
              new RunFolder(folder, runId),
              store,
              summary -> Reproduction.of(summary, file.yaml(), machine),
              page -> mlflow.file(RunPage.FILE, page));
      PlanRunner runner =
          new PlanRunner(
              store,
              runId,
              pipelines::create,
              List.<PlanListener>of(progress, recorder, reporter, mlflow),
              request.jobs());
      Thread stopper =
          new Thread(
              () -> {
                progress.stopping();
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
      StoredRuns.keep(folder, reproduction);
      report(plan, summary, page, target, tracking.status());
      reporter.trouble().ifPresent(why -> console.complain("facet: no report: " + why));
      reporter.page().ifPresent(written -> console.print("report     %s%n".formatted(written)));
      return new RunResult(summary, reproduction, page, reporter.page());
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
    EvaluateRecipe evaluate = plan.context().recipe().evaluate();
    for (TextTable table :
        List.of(
            ResultsTable.of(summary, evaluate.confidence()),
            ResultsTable.templates(summary, evaluate.confidence()),
            ResultsTable.efficiency(
                summary, EvaluateStage.options(evaluate), evaluate.confidence()))) {
      if (!table.isEmpty()) {
        console.print("\n" + table.toText() + "\n");
      }
    }
    for (Throwable failure : summary.failures()) {
      boolean asked =
          summary.status() == RunSummary.Status.KILLED && failure instanceof CancellationException;
      if (!asked) {
        console.complain("facet: " + FailureText.of(failure));
      }
    }
    if (summary.status() == RunSummary.Status.KILLED) {
      console.complain("facet: the run was stopped and has ended as KILLED");
    }
    if (summary.status() != RunSummary.Status.FINISHED && !request.arguments().isEmpty()) {
      console.complain("facet: to resume: " + resumeCommand());
    }
    console.print("artifacts  %s%n".formatted(request.storeRoot()));
    page.ifPresent(address -> console.print("MLflow     %s%n".formatted(address)));
    if (page.isEmpty() || !tracked.complete()) {
      console.print("%s%n".formatted(target.told(tracked, folder)));
    }
    request.json().ifPresent(json -> RunJson.ofRun(plan, summary).write(json));
  }

  /** The run as it begins, for {@code facet status} and {@code facet cancel}. */
  private RunRecord record(String runId, String recipe, TrackingTarget target, String flinkMaster) {
    String now = Instant.now().toString();
    return new RunRecord(
        runId,
        recipe,
        request.storeRoot(),
        Path.of("").toAbsolutePath().toString(),
        Redaction.text(resumeCommand()),
        flinkMaster,
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
    return request.arguments().isEmpty()
        ? ""
        : ResumeCommand.text("./infra/facet", request.arguments());
  }

  /** What MLflow shows as the source of the run. */
  private String commandText() {
    return Redaction.text(("facet " + String.join(" ", request.arguments())).strip());
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

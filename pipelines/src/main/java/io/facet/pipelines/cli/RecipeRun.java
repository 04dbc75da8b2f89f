package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.PlanRunner;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.stage.Libraries;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.RunStatus;
import io.facet.tracking.SystemTags;
import io.facet.tracking.Tracking;
import io.facet.tracking.TrackingStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine;

/** One execution of a recipe: plan, run, track, report. */
final class RecipeRun {
  private final RunOptions options;
  private final CommandLine commandLine;
  private final PrintWriter out;

  RecipeRun(RunOptions options, CommandLine commandLine) {
    this.options = options;
    this.commandLine = commandLine;
    this.out = commandLine.getOut();
  }

  /** How it ended and where MLflow shows it. */
  record Ended(RunSummary summary, Optional<String> page, int exitCode) {}

  /** Plans a recipe on a store. */
  static Plan plan(RecipeFile file, ArtifactStore store) {
    PlanContext context =
        new PlanContext(file.recipe(), Libraries.versions(), gitCommit(), store.root());
    return Plan.of(Stages.all(), context, store);
  }

  Ended execute(Path recipe) {
    RecipeFile file = RecipeFile.read(recipe, options.settings());
    try (ArtifactStore store = ArtifactStore.open(options.store().toString())) {
      return execute(file, store);
    }
  }

  private Ended execute(RecipeFile file, ArtifactStore store) {
    Plan plan = plan(file, store);
    store.sweep();
    String runId = UUID.randomUUID().toString();
    RunSummary summary;
    Optional<String> page;
    TrackingStatus tracked;
    TrackingTarget target = TrackingTarget.of(options, file.recipe());
    try (Terminal terminal = new Terminal(commandLine.getErr());
        Tracking tracking = Tracking.open(target.options(), options.store())) {
      MlflowListener mlflow = new MlflowListener(tracking, file, runId, systemTags());
      PlanRunner runner =
          new PlanRunner(
              store, runId, options.runner()::create, List.<PlanListener>of(terminal, mlflow));
      Thread stopper = new Thread(() -> stop(runner, tracking), "facet-stop");
      Runtime.getRuntime().addShutdownHook(stopper);
      summary = runner.run(plan);
      removeHook(stopper);
      tracking.close(TrackingTarget.DRAIN);
      tracked = tracking.status();
      page = mlflow.page();
    }
    report(plan, summary, page, tracked);
    return new Ended(summary, page, summary.exitCode());
  }

  /** Ctrl-C or SIGTERM: stop what runs, and say so in MLflow. */
  private static void stop(PlanRunner runner, Tracking tracking) {
    runner.cancel();
    tracking.endOpenRuns(RunStatus.KILLED, "stopped by a signal");
    tracking.close(TrackingTarget.DRAIN_ON_SIGNAL);
  }

  private static void removeHook(Thread stopper) {
    try {
      Runtime.getRuntime().removeShutdownHook(stopper);
    } catch (IllegalStateException e) {
      // The process is going down already; the hook does its work.
      throw new IllegalStateException("stopped by a signal", e);
    }
  }

  private void report(
      Plan plan, RunSummary summary, Optional<String> page, TrackingStatus tracked) {
    String results = ResultsTable.of(summary).toText();
    if (!results.isBlank()) {
      out.println();
      out.print(results);
      out.println();
    }
    for (Throwable failure : summary.failures()) {
      commandLine.getErr().println("facet: " + FailureText.of(failure));
    }
    if (summary.status() != RunSummary.Status.FINISHED) {
      List<String> arguments =
          commandLine.getParseResult() == null
              ? List.of()
              : commandLine.getParent() == null
                  ? commandLine.getParseResult().originalArgs()
                  : commandLine.getParent().getParseResult().originalArgs();
      commandLine
          .getErr()
          .println("facet: to go on: " + ResumeCommand.text("./infra/facet", arguments));
    }
    out.println("artifacts  " + options.store());
    page.ifPresent(address -> out.println("MLflow     " + address));
    if (page.isEmpty() || !tracked.delivered()) {
      out.println(tracked.describe());
    }
    if (!tracked.delivered()) {
      out.println("kept here; to deliver: " + syncCommand());
    }
    out.flush();
    commandLine.getErr().flush();
    options.json().ifPresent(json -> write(RunJson.ofRun(plan, summary), json));
  }

  /** Without a known server it takes the store's own: 'facet track serve' comes first. */
  private String syncCommand() {
    List<String> arguments = new ArrayList<>(List.of("track", "sync"));
    arguments.addAll(List.of("--store", options.store().toString()));
    options
        .trackingUri()
        .filter(uri -> !uri.equals("none"))
        .ifPresent(uri -> arguments.addAll(List.of("--tracking-uri", uri)));
    return ResumeCommand.text("./infra/facet", arguments);
  }

  private static void write(RunJson json, Path file) {
    try {
      json.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the summary cannot be written", e);
    }
  }

  private static Map<String, String> systemTags() {
    return SystemTags.collect(
        "facet", Path.of(System.getProperty("facet.root", ".")).toAbsolutePath());
  }

  private static String gitCommit() {
    return systemTags().getOrDefault("mlflow.source.git.commit", "unknown");
  }
}

package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.option.RecordBinder;
import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.leaderboard.ResultsTable;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.RunStatus;
import io.facet.transforms.row.LeaderboardRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Tells MLflow what happens: one run for the plan, a child for each stage that is made, and for
 * stages of several instances a grandchild for each. What is reused has its run already: the plan's
 * run lists it.
 */
public final class MlflowListener implements PlanListener {
  /** Tag of a stage's run and of a model version: the fingerprint of the artifact. */
  static final String FINGERPRINT = "facet.fingerprint";

  private static final long MAXIMUM_ARTIFACT_BYTES = 64L << 20;
  private static final int NAMED_METHODS = 3;

  private final Tracking tracking;
  private final RecipeFile file;
  private final TrackedRun parent;
  private final Map<String, TrackedRun> stages = new HashMap<>();
  private final Map<String, TrackedRun> instances = new HashMap<>();
  private final Set<String> failedStages = new HashSet<>();
  private final TrainingCurves curves = new TrainingCurves();
  private final Map<String, Artifact> artifacts = new HashMap<>();
  private final List<Manifest> reused = new ArrayList<>();
  private final Map<String, String> machine;
  private final SystemSampler sampler;

  /**
   * Starts the run.
   *
   * @param machine facts of {@code MachineFacts}
   * @param store whose disk is watched
   */
  public MlflowListener(
      Tracking tracking,
      RecipeFile file,
      String runId,
      Map<String, String> systemTags,
      Map<String, String> machine,
      Path store) {
    this.tracking = tracking;
    this.file = file;
    this.machine = machine;
    Recipe recipe = file.recipe();
    parent =
        tracking.resume(
            runId,
            RunSpec.of(recipe.tracking().experiment(), name(recipe, ZonedDateTime.now()))
                .with(systemTags)
                .with(recipe.tracking().tags())
                .with("facet.recipe", recipe.name()));
    sampler = new SystemSampler(parent, store);
  }

  /** What tells runs of a recipe apart: its methods and when it was started. */
  static String name(Recipe recipe, ZonedDateTime now) {
    List<String> methods = recipe.distill().methodNames();
    String named = String.join(" ", methods.subList(0, Math.min(NAMED_METHODS, methods.size())));
    int more = methods.size() - NAMED_METHODS;
    return "%s %s%s %s"
        .formatted(
            recipe.name(),
            named.isEmpty() ? "no methods" : named,
            more > 0 ? " and %d more".formatted(more) : "",
            now.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")));
  }

  /** Address of the run's page, once the server has it. */
  public Optional<String> page() {
    return tracking.page(parent);
  }

  /** Keeps a file of the whole run; not after its end. */
  public synchronized void file(String name, byte[] bytes) {
    parent.artifact(name, bytes);
  }

  @Override
  public synchronized void planned(Plan planned) {
    parent.params(FlatParams.of(RecordBinder.toTree(file.recipe())));
    parent.text("recipe/recipe.yaml", file.text());
    parent.text("recipe/resolved.yaml", file.yaml());
    parent.text("environment.json", json(machine));
    parent.params(prefixed("environment.", machine));
    parent.tag("facet.git.commit", planned.context().gitCommit());
    parent.describe("Recipe `" + file.recipe().name() + "`, running");
    tracking.flush();
  }

  @Override
  public synchronized void started(
      StageInstance instance, Fingerprint fingerprint, boolean resumed) {
    TrackedRun run = begin(instance);
    run.tag(FINGERPRINT, fingerprint.digest());
    run.tag("facet.resumed", Boolean.toString(resumed));
    inputs(instance, run);
    tracking.flush();
  }

  @Override
  public synchronized void cached(StageInstance instance, Artifact artifact) {
    reused.add(artifact.manifest());
    known(artifact);
  }

  @Override
  public synchronized void history(
      StageInstance instance, List<HistoryPoint> points, long timestampMillis) {
    TrackedRun run = instances.get(instance.name());
    if (run == null) {
      return;
    }
    List<MetricPoint> metrics = new ArrayList<>();
    for (HistoryPoint point : points) {
      metrics.add(new MetricPoint(point.name(), point.value(), timestampMillis, point.step()));
      curves.add(instance.name(), point);
    }
    run.metrics(metrics);
  }

  @Override
  public void checkpointed(StageInstance instance, long step, long totalSteps) {
    tracking.flush();
  }

  @Override
  public synchronized void warned(StageInstance instance, String message) {
    TrackedRun run = instances.get(instance.name());
    if (run != null) {
      run.tag("facet.warning", message);
    }
  }

  @Override
  public synchronized void attached(StageInstance instance, String name, byte[] bytes) {
    begin(instance).artifact(name, bytes);
  }

  @Override
  public synchronized void finished(StageInstance instance, Artifact artifact, double seconds) {
    TrackedRun run = begin(instance);
    timings(instance, artifact, seconds, run);
    describe(instance, run, artifact);
    curves.draw(instance.name(), run);
    List<String> leftOut = new ArrayList<>();
    for (Manifest.Attachment attachment : artifact.manifest().attachments()) {
      if (attachment.file().bytes() <= MAXIMUM_ARTIFACT_BYTES
          || Registration.needs(artifact.manifest(), attachment.name())) {
        run.artifact(attachment.name(), artifact.attachment(attachment.name()));
      } else {
        leftOut.add(attachment.name() + " (" + artifact.uri() + ")");
      }
    }
    if (!leftOut.isEmpty()) {
      run.tag("facet.too_large_for_mlflow", String.join(", ", leftOut));
    }
    Registration.of(file.recipe(), artifact)
        .ifPresent(version -> LoggedStudent.register(version, artifact, run));
    end(instance, RunStatus.FINISHED, "");
    tracking.flush();
  }

  private void timings(StageInstance instance, Artifact artifact, double seconds, TrackedRun run) {
    long now = System.currentTimeMillis();
    run.metric("seconds", seconds, 0, now);
    String name = instance.stage() + (instance.label().isEmpty() ? "" : "/" + instance.label());
    parent.metric("stage_seconds/" + name, seconds, 0, now);
    long rows = artifact.manifest().tables().stream().mapToLong(Manifest.Table::rows).sum();
    if (rows > 0 && seconds > 0) {
      run.metric("rows_per_second", rows / seconds, 0, now);
    }
    run.metrics(SystemSampler.memory(), 0, now);
  }

  /** The tables it reads are datasets of its run; those of the sources also of the whole. */
  private void inputs(StageInstance instance, TrackedRun run) {
    for (String dependency : instance.dependencies()) {
      Artifact artifact = artifacts.get(dependency);
      if (artifact != null) {
        TableInputs.of(artifact, "input").forEach(run::dataset);
      }
    }
  }

  @Override
  public synchronized void failed(StageInstance instance, Throwable failure) {
    begin(instance).text("failure.txt", stackTrace(failure));
    boolean stopped = failure instanceof CancellationException;
    end(instance, stopped ? RunStatus.KILLED : RunStatus.FAILED, FailureText.of(failure));
  }

  @Override
  public synchronized void ended(RunSummary summary) {
    sampler.close();
    stages.forEach(
        (stage, run) -> {
          if (failedStages.contains(stage)) {
            run.end(status(summary.status()), "an instance failed");
          } else {
            run.finish();
          }
        });
    String reason = summary.failures().stream().findFirst().map(FailureText::of).orElse("");
    figures(summary);
    if (!reused.isEmpty()) {
      parent.tag("facet.reused", Integer.toString(reused.size()));
      parent.text("reused.json", RunNotes.reused(reused));
    }
    String table = ResultsTable.of(summary, file.recipe().evaluate().confidence()).toMarkdown();
    parent.describe("Recipe `" + file.recipe().name() + "`\n\n" + table);
    parent.text("results.md", table);
    if (!ResultsTable.leaderboard(summary).isEmpty()) {
      parent.text("leaderboard.json", RunNotes.table(ResultsTable.leaderboard(summary)));
      parent.tag(
          "mlflow.loggedArtifacts", "[{\"path\": \"leaderboard.json\", \"type\": \"table\"}]");
    }
    Reproduction reproduction = Reproduction.of(summary, file.yaml(), machine);
    parent.text(Reproduction.FILE, reproduction.json());
    parent.end(status(summary.status()), reason);
  }

  /** MLflow sorts by name, so that accuracy stands first. */
  private void figures(RunSummary summary) {
    for (LeaderboardRow row : ResultsTable.leaderboard(summary)) {
      String of = "/" + row.set() + "/" + row.name();
      parent.metric("accuracy" + of, row.accuracy(), 0);
      if (!row.baseline().isEmpty()) {
        parent.metric("difference" + of, row.difference(), 0);
        parent.metric("p_value" + of, row.adjustedPValue(), 0);
      }
    }
  }

  private static RunStatus status(RunSummary.Status status) {
    return switch (status) {
      case FINISHED -> RunStatus.FINISHED;
      case FAILED -> RunStatus.FAILED;
      case KILLED -> RunStatus.KILLED;
    };
  }

  /** The run of an instance: the stage's own, or below it where a stage has several instances. */
  private TrackedRun begin(StageInstance instance) {
    TrackedRun known = instances.get(instance.name());
    if (known != null) {
      return known;
    }
    TrackedRun stage =
        stages.computeIfAbsent(
            instance.stage(), name -> parent.child(name, Map.of("facet.stage", name)));
    TrackedRun run =
        instance.label().isEmpty()
            ? stage
            : stage.child(
                instance.label(),
                Map.of("facet.stage", instance.stage(), "facet.instance", instance.name()));
    instances.put(instance.name(), run);
    return run;
  }

  private void end(StageInstance instance, RunStatus status, String reason) {
    if (status != RunStatus.FINISHED) {
      failedStages.add(instance.stage());
    }
    if (!instance.label().isEmpty()) {
      instances.get(instance.name()).end(status, reason);
    }
  }

  /** Later stages read it; the tables of the sources are those of the whole run too. */
  private void known(Artifact artifact) {
    Manifest manifest = artifact.manifest();
    artifacts.put(manifest.instance(), artifact);
    if (manifest.stage().equals(Stages.INGEST)) {
      TableInputs.of(artifact, "data").forEach(parent::dataset);
    }
  }

  private void describe(StageInstance instance, TrackedRun run, Artifact artifact) {
    Manifest manifest = artifact.manifest();
    known(artifact);
    run.params(prefixed("", manifest.inputs()));
    manifest
        .metrics()
        .forEach(
            (name, value) -> {
              if (!curves.has(instance.name(), name)) {
                run.metric(name, value, 0);
              }
            });
    run.tags(prefixed("facet.note.", manifest.notes()));
    TableInputs.of(artifact, "output").forEach(run::dataset);
    run.describe(RunNotes.of(manifest));
    run.text(MlflowEvaluations.MANIFEST, manifest.json());
    run.tag(FINGERPRINT, manifest.fingerprint());
    MlflowEvaluations.keep(artifact, run);
  }

  private static Map<String, String> prefixed(String prefix, Map<String, String> values) {
    Map<String, String> result = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            result.put(prefix + name, value);
          }
        });
    return result;
  }

  private static String json(Map<String, String> values) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    values.forEach(tree::put);
    return JsonText.pretty(tree);
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}

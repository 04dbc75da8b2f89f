package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.option.RecordBinder;
import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.Plots;
import io.facet.tracking.DatasetInput;
import io.facet.tracking.MetricPoint;
import io.facet.tracking.ModelVersion;
import io.facet.tracking.RunSpec;
import io.facet.tracking.RunStatus;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Tells MLflow what happens: one run for the plan, a child for each stage, and for stages of
 * several instances a grandchild for each.
 */
final class MlflowListener implements PlanListener {
  private static final long MAXIMUM_ARTIFACT_BYTES = 64L << 20;

  private final Tracking tracking;
  private final RecipeFile file;
  private final TrackedRun parent;
  private final Map<String, TrackedRun> stages = new HashMap<>();
  private final Map<String, TrackedRun> instances = new HashMap<>();
  private final Map<String, Boolean> stageFailed = new HashMap<>();
  private final Map<String, Map<String, List<double[]>>> curves = new HashMap<>();

  MlflowListener(Tracking tracking, RecipeFile file, String runId, Map<String, String> systemTags) {
    this.tracking = tracking;
    this.file = file;
    Recipe recipe = file.recipe();
    parent =
        tracking.resume(
            runId,
            RunSpec.of(recipe.tracking().experiment(), recipe.name())
                .with(systemTags)
                .with(recipe.tracking().tags())
                .with("facet.recipe", recipe.name()));
  }

  /** Address of the run's page, once the server has it. */
  Optional<String> page() {
    return tracking.page(parent);
  }

  @Override
  public synchronized void planned(Plan planned) {
    parent.params(flat(RecordBinder.toTree(file.recipe())));
    parent.text("recipe/recipe.yaml", file.text());
    parent.text("recipe/resolved.yaml", file.yaml());
    parent.params(planned.context().libraries());
    parent.tag("facet.git.commit", planned.context().gitCommit());
  }

  @Override
  public synchronized void started(
      StageInstance instance, Fingerprint fingerprint, boolean resumed) {
    TrackedRun run = begin(instance);
    run.tag("facet.fingerprint", fingerprint.digest());
    run.tag("facet.resumed", Boolean.toString(resumed));
  }

  @Override
  public synchronized void cached(StageInstance instance, Artifact artifact) {
    TrackedRun run = begin(instance);
    run.tag("facet.cached", "true");
    run.tag("facet.origin_run", artifact.manifest().originRun());
    describe(run, artifact);
    end(instance, RunStatus.FINISHED, "");
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
      curves
          .computeIfAbsent(instance.name(), name -> new TreeMap<>())
          .computeIfAbsent(point.name(), name -> new ArrayList<>())
          .add(new double[] {point.step(), point.value()});
    }
    run.metrics(metrics);
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
    run.tag("facet.cached", "false");
    run.metric("seconds", seconds, 0);
    describe(run, artifact);
    plot(instance, run);
    for (Manifest.Attachment attachment : artifact.manifest().attachments()) {
      if (attachment.file().bytes() <= MAXIMUM_ARTIFACT_BYTES) {
        run.artifact(attachment.name(), artifact.attachment(attachment.name()));
      }
    }
    register(instance, artifact, run);
    end(instance, RunStatus.FINISHED, "");
  }

  @Override
  public synchronized void failed(StageInstance instance, Throwable failure) {
    begin(instance).text("failure.txt", stackTrace(failure));
    boolean stopped = failure instanceof CancellationException;
    end(instance, stopped ? RunStatus.KILLED : RunStatus.FAILED, FailureText.of(failure));
  }

  @Override
  public synchronized void ended(RunSummary summary) {
    stages.forEach(
        (stage, run) -> {
          if (stageFailed.containsKey(stage)) {
            run.end(status(summary.status()), "an instance failed");
          } else {
            run.finish();
          }
        });
    String reason = summary.failures().stream().findFirst().map(FailureText::of).orElse("");
    for (MetricRow row : ResultsTable.metrics(summary)) {
      if (row.name().equals("accuracy")) {
        parent.metric(row.model() + "/" + row.set() + "/accuracy", row.value(), 0);
      }
    }
    for (LeaderboardRow row : ResultsTable.leaderboard(summary)) {
      String name = "leaderboard/" + row.set() + "/" + row.name();
      parent.metric(name + "/accuracy", row.accuracy(), 0);
      if (!row.baseline().isEmpty()) {
        parent.metric(name + "/difference", row.difference(), 0);
        parent.metric(name + "/p_value", row.adjustedPValue(), 0);
      }
    }
    String table = ResultsTable.of(summary).toMarkdown();
    parent.describe("Recipe `" + file.recipe().name() + "`\n\n" + table);
    parent.text("results.md", table);
    parent.end(status(summary.status()), reason);
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
      stageFailed.put(instance.stage(), true);
    }
    if (!instance.label().isEmpty()) {
      instances.get(instance.name()).end(status, reason);
    }
  }

  private static void describe(TrackedRun run, Artifact artifact) {
    Manifest manifest = artifact.manifest();
    run.params(prefixed("", manifest.inputs()));
    manifest.metrics().forEach((name, value) -> run.metric("final/" + name, value, 0));
    run.tags(prefixed("facet.note.", manifest.notes()));
    for (Manifest.Table table : manifest.tables()) {
      run.metric("rows/" + table.name(), table.rows(), 0);
      run.dataset(
          new DatasetInput(
              manifest.instance() + "/" + table.name(),
              table.digest(),
              artifact.uri() + "/" + table.name(),
              "",
              "{\"num_rows\": " + table.rows() + "}",
              "output"));
    }
    run.text("manifest.json", manifest.json());
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

  private void plot(StageInstance instance, TrackedRun run) {
    Map<String, Plots.Line> losses = new LinkedHashMap<>();
    Map<String, Plots.Line> validation = new LinkedHashMap<>();
    curves
        .getOrDefault(instance.name(), Map.of())
        .forEach(
            (name, points) -> {
              Plots.Line line =
                  new Plots.Line(
                      points.stream().mapToDouble(p -> p[0]).toArray(),
                      points.stream().mapToDouble(p -> p[1]).toArray());
              if (name.startsWith("loss/")) {
                losses.put(name, line);
              } else if (name.startsWith("validation/")) {
                validation.put(name, line);
              }
            });
    if (!losses.isEmpty()) {
      run.artifact("plots/loss.png", Plots.curves(instance.name(), "loss", losses));
    }
    if (!validation.isEmpty()) {
      run.artifact("plots/validation.png", Plots.curves(instance.name(), "validation", validation));
    }
  }

  /** A published student becomes a version in the model registry. */
  private void register(StageInstance instance, Artifact artifact, TrackedRun run) {
    if (!instance.stage().equals("publish")) {
      return;
    }
    Recipe recipe = file.recipe();
    run.register(
        new ModelVersion(
            recipe.publish().model(recipe.name()),
            "student.onnx",
            artifact.manifest().notes().getOrDefault("model", ""),
            Map.of("facet.fingerprint", artifact.manifest().fingerprint()),
            List.of(recipe.publish().alias())));
  }

  /** Nested keys with dots, the same for every run of a recipe. */
  private static Map<String, String> flat(JsonNode tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", tree, flat);
    return flat;
  }

  private static void flatten(String name, JsonNode tree, Map<String, String> flat) {
    if (tree.isObject() && !tree.isEmpty()) {
      tree.properties()
          .forEach(
              entry ->
                  flatten(
                      name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(),
                      entry.getValue(),
                      flat));
    } else if (tree.isArray() && !tree.isEmpty()) {
      for (int i = 0; i < tree.size(); i++) {
        flatten(name + "." + i, tree.get(i), flat);
      }
    } else {
      flat.put(name, tree.isTextual() ? tree.textValue() : tree.toString());
    }
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}

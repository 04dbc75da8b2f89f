package io.facet.pipelines.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.leaderboard.ResultsTable;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlannedInstance;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.report.NamedFile;
import io.facet.transforms.row.MetricRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The machine-readable summary of {@code run}, {@code plan} and {@code evaluate}: {@code {"run",
 * "status", "stages": [...], "metrics": [...]}}.
 */
public record RunJson(ObjectNode tree) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public static RunJson ofRun(Plan plan, RunSummary summary) {
    ObjectNode tree = root(summary.runId(), summary.status().name().toLowerCase(Locale.ROOT));
    tree.put("recipe", plan.context().recipe().name());
    ArrayNode stages = (ArrayNode) tree.get("stages");
    for (RunSummary.Outcome outcome : summary.outcomes()) {
      ObjectNode stage = stages.addObject();
      stage.put("name", outcome.name());
      stage.put("fingerprint", outcome.fingerprint());
      stage.put("cached", outcome.result() == RunSummary.Result.CACHED);
      stage.put("seconds", outcome.seconds());
      stage.put("rows", outcome.rows());
      stage.put("result", outcome.result().name().toLowerCase(Locale.ROOT));
      outcome.artifact().ifPresent(artifact -> stage.put("artifact", artifact.uri()));
      outcome.failure().ifPresent(failure -> stage.put("failure", FailureText.of(failure)));
      ObjectNode digests = stage.putObject("digests");
      outcome
          .artifact()
          .ifPresent(
              artifact ->
                  artifact
                      .manifest()
                      .tables()
                      .forEach(table -> digests.put(table.name(), table.digest())));
    }
    addMetrics(tree, ResultsTable.metrics(summary));
    return new RunJson(tree);
  }

  public static RunJson ofPlan(Plan plan) {
    ObjectNode tree = root("", "planned");
    tree.put("recipe", plan.context().recipe().name());
    ArrayNode stages = (ArrayNode) tree.get("stages");
    for (PlannedInstance planned : plan.instances()) {
      ObjectNode stage = stages.addObject();
      stage.put("name", planned.instance().name());
      stage.put("fingerprint", planned.fingerprint().digest());
      stage.put("cached", planned.cached().isPresent());
      stage.put("seconds", 0);
      stage.put("rows", 0);
      stage.put("why", planned.why());
    }
    return new RunJson(tree);
  }

  public static RunJson ofMetrics(List<MetricRow> metrics) {
    ObjectNode tree = root("", "finished");
    addMetrics(tree, metrics);
    return new RunJson(tree);
  }

  private static ObjectNode root(String run, String status) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("run", run);
    tree.put("status", status);
    tree.putArray("stages");
    tree.putArray("metrics");
    return tree;
  }

  private static void addMetrics(ObjectNode tree, List<MetricRow> rows) {
    ArrayNode metrics = (ArrayNode) tree.get("metrics");
    for (MetricRow row : rows) {
      ObjectNode metric = metrics.addObject();
      metric.put("model", row.model());
      metric.put("role", row.role());
      metric.put("method", row.method());
      metric.put("seed", row.seed());
      metric.put("set", row.set());
      metric.put("protocol", row.protocol());
      metric.put("name", row.name());
      metric.put("value", row.value());
      number(metric, "low", row.low());
      number(metric, "high", row.high());
    }
  }

  /** JSON has no NaN: a figure without an interval has null ends. */
  private static void number(ObjectNode metric, String name, double value) {
    if (Double.isFinite(value)) {
      metric.put(name, value);
    } else {
      metric.putNull(name);
    }
  }

  /**
   * Writes it.
   *
   * @param file as {@code --json} names it
   * @throws io.facet.pipelines.InfrastructureException naming the file, if that fails
   */
  public void write(Path file) {
    NamedFile.writing(
        "--json",
        file,
        () -> {
          if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
          }
          String text =
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Redaction.tree(tree));
          Files.writeString(file, text + "\n");
        });
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of two methods meets a loss that is not a number. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DivergedMethodTest {
  @TempDir Path folder;

  @Test
  void theOtherMethodIsTrainedAndRanked() throws Exception {
    Path store = folder.resolve("store");
    Path json = folder.resolve("run.json");
    Path recipe = TinyRecipe.write(folder, TinyRecipe.withMethods("[{l2: {weight: 1e38}}, none]"));
    try (TestMlflow mlflow = TestMlflow.start(folder.resolve("mlflow"))) {
      CommandRun run =
          CommandRun.of(
              "run", recipe, "--store", store, "--json", json, "--tracking-uri", mlflow.uri());

      assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
      JsonSummary summary = JsonSummary.read(json);
      assertThat(summary.tree().get("status").asText()).isEqualTo("failed");
      JsonNode diverged = summary.stage("distill[l2#1]");
      assertThat(diverged.get("result").asText()).isEqualTo("failed");
      assertThat(diverged.get("failure").asText()).contains("step 1: ", "learningRate");
      assertThat(summary.stage("evaluate[l2#1]").get("result").asText()).isEqualTo("skipped");
      for (String made : List.of("distill[none#1]", "evaluate[none#1]", "evaluate", "publish")) {
        assertThat(summary.stage(made).get("result").asText()).as(made).isEqualTo("made");
      }
      assertThat(summary.metrics())
          .anySatisfy(row -> assertThat(row.get("model").asText()).isEqualTo("none#1"))
          .noneSatisfy(row -> assertThat(row.get("model").asText()).isEqualTo("l2#1"));
      assertReported(store);
      assertTracked(mlflow);
    }
  }

  private static void assertReported(Path store) throws Exception {
    List<Path> reports = ChildProcess.files(store, "distill/*/attempt-*/failure.json");
    assertThat(reports).hasSize(1);
    JsonNode report = new JsonMapper().readTree(reports.get(0).toFile());
    assertThat(report.get("step").asLong()).isEqualTo(1);
    assertThat(report.get("faces")).hasSize(8);
    assertThat(report.get("images")).hasSize(8);
    assertThat(report.get("images").get(0).asText()).matches("[0-9a-f]{64}");
  }

  private static void assertTracked(TestMlflow mlflow) throws Exception {
    try (MlflowApi api = mlflow.api()) {
      List<RunReader.Run> runs = api.reader().search(api.findExperiment("facet").orElseThrow(), "");
      RunReader.Run diverged = student(runs, "distill[l2#1]");
      assertThat(diverged.status()).isEqualTo("FAILED");
      assertThat(diverged.tags().get("facet.end.reason")).contains("step 1: ");
      assertThat(student(runs, "distill[none#1]").status()).isEqualTo("FINISHED");
    }
  }

  private static RunReader.Run student(List<RunReader.Run> runs, String instance) {
    return runs.stream().filter(r -> r.tags().containsValue(instance)).findFirst().orElseThrow();
  }
}

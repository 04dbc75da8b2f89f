package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.pipelines.JsonText;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run in a process of its own, with secrets all around it: what MLflow knows of it, what nobody
 * may know, where it listens, and that it can be run again.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class TrackedRunTest {
  private static final String IN_ENVIRONMENT = "planted-in-environment";
  private static final String IN_ADDRESS = "planted-in-address";
  private static final String IN_RECIPE = "planted-in-recipe";
  private static final String IN_SETTING = "planted-in-setting";

  @TempDir static Path folder;
  private static Path store;
  private static Path log;
  private static Path recipe;
  private static JsonSummary summary;
  private static TestMlflow mlflow;
  private static List<String> listening;

  @BeforeAll
  static void runOnce() throws Exception {
    store = folder.resolve("store");
    log = folder.resolve("log.txt");
    recipe =
        TinyRecipe.write(
            folder,
            TinyRecipe.studentAlone()
                + "tracking: {tags: {team: faces, api_key: %s}}\n".formatted(IN_RECIPE));
    mlflow = TestMlflow.start(folder.resolve("mlflow"));
    URI uri = mlflow.uri();
    String address = "http://someone:" + IN_ADDRESS + "@127.0.0.1:" + uri.getPort();
    Path json = folder.resolve("run.json");
    try (ChildProcess process =
        ChildProcess.start(
            Path.of(""),
            log,
            Map.of("MLFLOW_TRACKING_PASSWORD", IN_ENVIRONMENT, "STORE_ACCESS_KEY", IN_ENVIRONMENT),
            "run",
            recipe,
            "--verbose",
            "--store",
            store,
            "--json",
            json,
            "--tracking-uri",
            address,
            "--set",
            "tracking.tags.store_token=" + IN_SETTING)) {
      process.awaitFile(store, "distill/*/attempt-*");
      listening = process.listeningBeyondLoopback();
      assertThat(process.awaitEnd()).as(Files.readString(log)).isZero();
    }
    summary = JsonSummary.read(json);
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (mlflow != null) {
      mlflow.close();
    }
  }

  @Test
  void nobodyLearnsASecret() throws Exception {
    List<Path> files = new ArrayList<>(List.of(log, folder.resolve("run.json")));
    for (Path root : List.of(store, folder.resolve("mlflow"))) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    assertThat(files).anyMatch(file -> file.endsWith("mlflow.db")).hasSizeGreaterThan(30);
    for (Path file : files) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertThat(content.contains("planted-in-")).as("a secret in " + file).isFalse();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void driverAndEmbeddedFlinkListenOnThisMachineOnly() {
    assertThat(listening).isEmpty();
  }

  @Test
  void theWholeRunTellsWhereItComesFrom() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      RunReader.Run run = whole(api);
      assertThat(run.tags())
          .containsKeys("mlflow.user", "mlflow.source.git.commit", "facet.git.dirty")
          .containsEntry("mlflow.source.type", "LOCAL")
          .containsEntry("team", "faces")
          .containsEntry("api_key", "(hidden)")
          .containsKey("mlflow.loggedArtifacts");
      assertThat(run.tags().get("mlflow.source.name"))
          .startsWith("facet run ")
          .contains("tiny.yaml");
      assertThat(run.tags().get("mlflow.note.content")).contains("| set").contains("drawn");
      assertThat(run.params())
          .containsEntry("distill.methods.none", "{}")
          .containsEntry("data.verification.drawn.source.synthetic.identities", "10")
          .containsKeys("environment.library.pytorch", "environment.java.version")
          .containsKeys("environment.hardware.cpu", "environment.hardware.threads");
      assertThat(run.metrics())
          .containsKeys("stage_seconds/align", "stage_seconds/distill/none_1")
          .containsKeys("system/cpu_utilization_percentage", "accuracy/drawn/none");
      assertThat(run.datasets()).containsKeys("ingest/images", "ingest/pairs");
      assertThat(api.text(run.artifactUri(), "environment.json")).contains("java.version");
      JsonNode board = JsonText.parse("board", api.text(run.artifactUri(), "leaderboard.json"));
      assertThat(board.path("data")).hasSize(1);
      assertThat(api.text(run.artifactUri(), "report.html"))
          .startsWith("<!DOCTYPE html>")
          .contains("id=\"leaderboard\"", "none#1");
    }
  }

  @Test
  void stagesTellTheirTablesTimesAndMemory() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      Map<String, RunReader.Run> stages = children(api, whole(api));
      RunReader.Run align = stages.get("align");
      assertThat(align.metrics())
          .containsKeys("seconds", "rows_per_second", "faces", "memory/heap_megabytes");
      assertThat(align.datasets()).containsKeys("ingest/images", "align/faces");
      assertThat(align.tags().get("mlflow.note.content")).contains("| table").contains("faces");
      JsonNode input = datasetInput(align.id(), "ingest/images");
      assertThat(input.path("tags").toString()).contains("input");
      JsonNode dataset = input.path("dataset");
      assertThat(JsonText.parse("schema", dataset.path("schema").asText()).path("mlflow_colspec"))
          .isNotEmpty();
      assertThat(dataset.path("profile").asText())
          .contains(digest("ingest", "images"))
          .contains("num_rows");
      RunReader.Run student = children(api, stages.get("distill")).get("none#1");
      assertThat(student.metrics())
          .containsKeys("loss/total", "loss/identity", "images_per_second", "validation/accuracy");
      assertThat(artifact(student, "model.safetensors")).isNotEmpty();
      RunReader.Run measured = children(api, stages.get("evaluate")).get("none#1");
      assertThat(artifact(measured, "plots/roc.png")).contains("PNG");
      assertThat(artifact(measured, "plots/det.png")).contains("PNG");
      assertThat(artifact(stages.get("publish"), "student.onnx")).isNotEmpty();
    }
  }

  @Test
  void itRunsAgainFromMlflowWithEqualDigests() throws Exception {
    String id;
    try (MlflowApi api = mlflow.api()) {
      id = whole(api).id();
    }
    CommandRun again = rerun(id, folder.resolve("elsewhere"), "again");
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(again.out()).contains("distill[none#1]/history").doesNotContain(" different ");
  }

  @Test
  void aRerunWithOtherThreadsFromTheStoreNamesWhatDiffers() throws Exception {
    String uuid = summary.tree().get("run").asText();
    CommandRun other = rerun(uuid, store, "other", "--set", "threads=2", "--set", "seed=8");
    assertThat(other.exitCode()).as(other.said()).isEqualTo(4);
    assertThat(other.out())
        .contains("differs: hardware.threads was 1, is 2")
        .contains("ingest: options changed: seed (7 → 8)");
  }

  @Test
  void anUnknownRunIsSaidInOneLine() {
    CommandRun unknown = rerun("0".repeat(32), store, "unknown");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("neither in").contains("nor in MLflow");
  }

  private static CommandRun rerun(String run, Path from, String name, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "rerun",
                run,
                "--from",
                from,
                "--store",
                folder.resolve(name),
                "--tracking-uri",
                mlflow.uri(),
                "--runner",
                "DirectRunner"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  private static String digest(String stage, String table) {
    return summary.stage(stage).get("digests").get(table).asText();
  }

  private static RunReader.Run whole(MlflowApi api) throws Exception {
    return api.reader().ofUuid(summary.tree().get("run").asText()).orElseThrow();
  }

  private static Map<String, RunReader.Run> children(MlflowApi api, RunReader.Run parent)
      throws Exception {
    String experiment = api.findExperiment("facet").orElseThrow();
    String filter = "tags.`mlflow.parentRunId` = '%s'".formatted(parent.id());
    Map<String, RunReader.Run> children = new HashMap<>();
    api.reader().search(experiment, filter).forEach(run -> children.put(run.name(), run));
    return children;
  }

  private static JsonNode datasetInput(String runId, String name) throws Exception {
    String reply = get("/api/2.0/mlflow/runs/get?run_id=" + runId);
    for (JsonNode input :
        JsonText.parse("run", reply).path("run").path("inputs").path("dataset_inputs")) {
      if (input.path("dataset").path("name").asText().equals(name)) {
        return input;
      }
    }
    throw new AssertionError("no dataset " + name + " in " + reply);
  }

  private static String artifact(RunReader.Run run, String path) throws Exception {
    String root = run.artifactUri().replaceFirst("^mlflow-artifacts:/*", "");
    return get("/api/2.0/mlflow-artifacts/artifacts/" + root + "/" + path);
  }

  private static String get(String path) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(mlflow.uri() + path)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }
}

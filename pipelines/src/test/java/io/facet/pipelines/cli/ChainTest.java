package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.artifact.Manifest;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All stages through the command line, on an embedded Flink and a real MLflow server. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ChainTest {
  private static final List<String> INSTANCES =
      List.of(
          "ingest",
          "align",
          "pack",
          "teacher[vit]",
          "prompt[vit]",
          "distill[none#1]",
          "distill[feature-consistency#1]",
          "distill[cakd#1]",
          "evaluate[vit]",
          "evaluate[none#1]",
          "evaluate[feature-consistency#1]",
          "evaluate[cakd#1]",
          "evaluate",
          "publish");

  @TempDir static Path folder;
  private static Path recipe;
  private static Path store;
  private static TestMlflow mlflow;
  private static CommandRun first;
  private static JsonSummary summary;

  @BeforeAll
  static void runTheChain() throws Exception {
    store = folder.resolve("store");
    recipe = TinyRecipe.write(folder, TinyRecipe.chain());
    mlflow = TestMlflow.start(folder.resolve("mlflow"));
    first = run("first.json");
    assertThat(first.exitCode()).as(first.said()).isZero();
    summary = JsonSummary.read(folder.resolve("first.json"));
  }

  @AfterAll
  static void stopMlflow() throws IOException {
    if (mlflow != null) {
      mlflow.close();
    }
  }

  private static CommandRun run(String json, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "run",
                recipe,
                "--store",
                store,
                "--json",
                folder.resolve(json),
                "--tracking-uri",
                mlflow.uri()));
    arguments.addAll(List.of(more));
    CommandRun done = CommandRun.of(arguments.toArray());
    // On a busy machine the server may need longer than a run waits for it.
    CommandRun rest =
        CommandRun.of("track", "sync", "--store", store, "--tracking-uri", mlflow.uri());
    assertThat(rest.exitCode()).as(rest.said()).isZero();
    return done;
  }

  @Test
  void theLeaderboardFromMlflowIsThatOfTheStore() {
    CommandRun stored = CommandRun.of("leaderboard", "--store", store);
    CommandRun fetched = CommandRun.of("leaderboard", "--tracking-uri", mlflow.uri());

    assertThat(stored.exitCode()).as(stored.said()).isZero();
    assertThat(stored.out()).contains("feature-consistency", "cakd", "vit");
    assertThat(fetched.exitCode()).as(fetched.said()).isZero();
    assertThat(fetched.out()).isEqualTo(stored.out());
  }

  @Test
  void modelsOfTheStoreCompareFacesByTheThresholdOfTheirEvaluation() throws IOException {
    Path faces = Files.createDirectory(folder.resolve("faces"));
    DrawnFolders.draw(faces);
    List<Path> models;
    try (Stream<Path> files = Files.walk(store)) {
      models =
          files
              .filter(
                  file ->
                      file.toString()
                          .matches(".*/(distill|publish)/.*/(model|student)[.]safetensors"))
              .toList();
    }
    assertThat(models).hasSizeGreaterThan(3);
    for (Path model : models) {
      CommandRun compared =
          CommandRun.of(
              "compare",
              faces.resolve("train/p0/0.jpg"),
              faces.resolve("train/p1/0.jpg"),
              "--model",
              model,
              "--far",
              "0.1");
      assertThat(compared.exitCode()).as(compared.said()).isZero();
      assertThat(compared.out())
          .containsPattern("threshold is -?[0-9.]+, at a false accept rate of 0.1 on drawn \\(");
    }
  }

  @Test
  void everyInstanceIsMadeOnce() {
    assertThat(summary.named(false)).containsExactlyInAnyOrderElementsOf(INSTANCES);
    assertThat(summary.named(true)).isEmpty();
    assertThat(summary.tree().get("status").asText()).isEqualTo("finished");
    assertThat(summary.tree().get("run").asText()).matches("[0-9a-f-]{36}");
  }

  @Test
  void theSummaryNamesFingerprintTimeAndRowsOfEachStage() {
    for (JsonNode stage : summary.stages()) {
      assertThat(stage.get("fingerprint").asText()).matches("[0-9a-f]{64}");
      assertThat(stage.get("seconds").isNumber()).isTrue();
      assertThat(stage.get("rows").isIntegralNumber()).isTrue();
    }
    assertThat(summary.stage("ingest").get("rows").asLong()).isPositive();
  }

  @Test
  void theSummaryHoldsEveryFigureOfEveryModel() {
    Set<String> models = new TreeSet<>();
    for (JsonNode metric : summary.metrics()) {
      models.add(metric.get("role").asText() + " " + metric.get("model").asText());
      for (String field : List.of("method", "set", "protocol", "name")) {
        assertThat(metric.get(field).isTextual()).as(field).isTrue();
      }
      assertThat(metric.get("seed").isIntegralNumber()).isTrue();
      assertThat(metric.get("value").isNumber()).isTrue();
      assertThat(metric.has("low") && metric.has("high")).isTrue();
    }
    assertThat(models)
        .containsExactlyInAnyOrder(
            "student cakd#1", "student feature-consistency#1", "student none#1", "teacher vit");
    List<JsonNode> accuracies =
        summary.metrics().stream().filter(m -> m.get("name").asText().equals("accuracy")).toList();
    assertThat(accuracies).hasSize(4);
    for (JsonNode accuracy : accuracies) {
      assertThat(accuracy.get("set").asText()).isEqualTo("drawn");
      assertThat(accuracy.get("value").asDouble()).isBetween(0.0, 1.0);
      assertThat(accuracy.get("low").asDouble())
          .isLessThanOrEqualTo(accuracy.get("high").asDouble());
    }
  }

  @Test
  void tablesHoldARowForEachImageFaceAndPair() throws IOException {
    Manifest ingest = manifest("ingest");
    long images = ingest.table("images").orElseThrow().rows();
    assertThat(images).isGreaterThan(TinyRecipe.TRAINING_PICTURES);
    assertThat(ingest.table("samples").orElseThrow().rows()).isEqualTo(images);
    assertThat(ingest.table("pairs").orElseThrow().rows()).isEqualTo(TinyRecipe.PAIRS);
    assertThat(ingest.table("rejects").orElseThrow().rows()).isZero();
    assertThat(manifest("align").table("faces").orElseThrow().rows()).isEqualTo(images);
    for (String model : List.of("vit", "none#1", "feature-consistency#1", "cakd#1")) {
      Manifest evaluation = manifest("evaluate[" + model + "]");
      assertThat(evaluation.table("scores").orElseThrow().rows()).isEqualTo(TinyRecipe.PAIRS);
      assertThat(evaluation.table("metrics").orElseThrow().rows()).isPositive();
    }
    assertThat(manifest("evaluate").table("leaderboard").orElseThrow().rows()).isEqualTo(4);
    for (String training : List.of("teacher[vit]", "distill[none#1]", "distill[cakd#1]")) {
      assertThat(manifest(training).table("history").orElseThrow().rows()).isPositive();
      assertThat(manifest(training).attachment("model.safetensors")).isPresent();
    }
    assertThat(manifest("distill[cakd#1]").attachment("prompts.safetensors")).isPresent();
    assertThat(manifest("prompt[vit]").table("teacher_features").orElseThrow().rows()).isPositive();
  }

  @Test
  void manifestsNameRunParentsAndDigests() throws IOException {
    for (String instance : INSTANCES) {
      Manifest manifest = manifest(instance);
      assertThat(manifest.instance()).isEqualTo(instance);
      assertThat(manifest.originRun()).isEqualTo(summary.tree().get("run").asText());
      assertThat(manifest.fingerprint())
          .isEqualTo(summary.stage(instance).get("fingerprint").asText());
      manifest
          .parents()
          .forEach(
              (name, digest) ->
                  assertThat(digest).isEqualTo(summary.stage(name).get("fingerprint").asText()));
    }
  }

  @Test
  void thePublishedOnnxFileEmbedsAsTheStudentDoes() throws IOException {
    Path publish = summary.artifact("publish");
    assertThat(Files.size(publish.resolve("student.onnx"))).isPositive();
    JsonNode parity =
        JsonMapper.builder().build().readTree(publish.resolve("parity.json").toFile());
    assertThat(parity.get("faces").asInt()).isPositive();
    assertThat(parity.get("largestCosineDistance").asDouble()).isCloseTo(0, within(1e-4));
    assertThat(Files.readString(publish.resolve("model-card.md"))).contains("tiny");
  }

  @Test
  void mlflowShowsPlanStagesAndStudentsAsATreeOfFinishedRuns() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      RunReader.Run parent = parent(api, summary);
      Map<String, RunReader.Run> stages = children(api, parent);
      assertThat(stages.keySet())
          .containsExactlyInAnyOrder(
              "ingest", "align", "pack", "teacher", "prompt", "distill", "evaluate", "publish");
      assertThat(children(api, stages.get("distill")).keySet())
          .containsExactlyInAnyOrder("none#1", "feature-consistency#1", "cakd#1");
      assertThat(parent.status()).isEqualTo("FINISHED");
      for (RunReader.Run stage : stages.values()) {
        assertThat(stage.status()).as(stage.name()).isEqualTo("FINISHED");
        for (RunReader.Run instance : children(api, stage).values()) {
          assertThat(instance.status()).as(instance.name()).isEqualTo("FINISHED");
        }
      }
      assertThat(parent.params())
          .containsEntry("distill.batchSize", "8")
          .containsEntry("seed", "7");
      assertThat(parent.metrics()).containsKey("accuracy/drawn/none");
      assertThat(parent.name())
          .matches("tiny none feature-consistency cakd \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d");
    }
  }

  @Test
  void mlflowHoldsTheCurvesDatasetsAndFilesOfAStudent() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      RunReader.Run parent = parent(api, summary);
      RunReader.Run student = children(api, children(api, parent).get("distill")).get("none#1");
      String loss =
          student.metrics().keySet().stream()
              .filter(name -> name.startsWith("loss/"))
              .findFirst()
              .orElseThrow();
      assertThat(api.reader().history(student.id(), loss)).hasSizeGreaterThan(1);
      assertThat(student.datasets()).isNotEmpty();
      assertThat(artifact(student, "manifest.json")).contains("distill[none#1]");
      assertThat(artifact(student, "plots/loss.png")).contains("PNG");
      assertThat(artifact(parent, "recipe/recipe.yaml")).isEqualTo(TinyRecipe.chain());
      assertThat(artifact(parent, "recipe/resolved.yaml")).contains("batchSize: 8");
    }
  }

  @Test
  void thePublishedStudentIsAModelVersionWithAnAlias() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      Registry.Version version = api.registry().aliased("tiny", "candidate").orElseThrow();
      assertThat(version.tags())
          .containsEntry("facet.fingerprint", summary.stage("publish").get("fingerprint").asText());
    }
  }

  @Test
  void aSecondRunReusesEverythingAndSaysWhoMadeIt() throws Exception {
    CommandRun again = run("again.json");
    assertThat(again.exitCode()).as(again.said()).isZero();
    JsonSummary second = JsonSummary.read(folder.resolve("again.json"));
    assertThat(second.named(false)).isEmpty();
    assertThat(second.digests()).isEqualTo(summary.digests());
    deliverTheRest();
    try (MlflowApi api = mlflow.api()) {
      RunReader.Run parent = parent(api, second);
      assertThat(children(api, parent)).isEmpty();
      assertThat(parent.status()).isEqualTo("FINISHED");
      assertThat(parent.metrics()).containsKey("accuracy/drawn/none");
      assertThat(artifact(parent, "reused.json"))
          .contains("distill[none#1]", summary.tree().get("run").asText());
    }
  }

  /** A server on a busy machine may not take everything before a run's end. */
  private static void deliverTheRest() {
    CommandRun sync =
        CommandRun.of("track", "sync", "--store", store, "--tracking-uri", mlflow.uri());
    assertThat(sync.exitCode()).as(sync.said()).isZero();
  }

  @Test
  void anotherSeedRunsOnlyWhatIsNew() throws IOException {
    CommandRun more =
        run("seeds.json", "--set", "distill.seeds=[1, 2]", "--set", "distill.methods=[none]");
    assertThat(more.exitCode()).as(more.said()).isZero();
    JsonSummary seeds = JsonSummary.read(folder.resolve("seeds.json"));
    assertThat(seeds.named(true))
        .contains("ingest", "align", "pack", "teacher[vit]", "distill[none#1]", "evaluate[none#1]");
    assertThat(seeds.named(false))
        .contains("distill[none#2]", "evaluate[none#2]", "evaluate")
        .doesNotContain("prompt[vit]");
  }

  @Test
  void planSaysWhatIsCachedAndWhyTheRestRuns() {
    CommandRun cached = CommandRun.of("plan", recipe, "--store", store);
    assertThat(cached.exitCode()).as(cached.said()).isZero();
    assertThat(cached.out()).contains("made by run").doesNotContain(" runs ");
    CommandRun changed =
        CommandRun.of("plan", recipe, "--store", store, "--set", "evaluate.bootstrapSamples=60");
    assertThat(changed.out()).contains("options changed: bootstrapSamples");
    // four models, their ranking, and the published student's card, which tells the figures
    assertThat(changed.out().lines().filter(line -> line.contains(" runs "))).hasSize(6);
  }

  @Test
  void planEstimatesAnotherSizeFromWhatTheStagesTook() {
    CommandRun estimate =
        CommandRun.of("plan", recipe, "--store", store, "--estimate", "1M:200k", "--workers", "4");
    assertThat(estimate.exitCode()).as(estimate.said()).isZero();
    assertThat(estimate.out())
        .contains("1,000,000 images", " images/s ", "takes longest")
        .contains("a head of 200,000 identities", "set identitySampleRate")
        .doesNotContain("not in the store");
    assertThat(estimate.out().lines().filter(line -> line.startsWith("align ")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).contains(" images, ", " s x "));
  }

  @Test
  void inspectShowsManifestAndFirstRows() {
    CommandRun artifact = CommandRun.of("inspect", summary.artifact("evaluate"));
    assertThat(artifact.exitCode()).as(artifact.said()).isZero();
    assertThat(artifact.out()).contains("leaderboard: 4 rows").contains("feature-consistency");
    CommandRun weights =
        CommandRun.of("inspect", summary.artifact("distill[none#1]").resolve("model.safetensors"));
    assertThat(weights.out()).contains("mobilefacenet").contains("(");
  }

  @Test
  void doctorFindsTheRecipeAndTheServerInOrder() {
    CommandRun doctor =
        CommandRun.of("doctor", recipe, "--store", store, "--tracking-uri", mlflow.uri());
    assertThat(doctor.exitCode()).as(doctor.said()).isZero();
    assertThat(doctor.out())
        .contains(System.getProperty("java.version"), "tiny")
        .contains("at %s, open without credentials".formatted(mlflow.uri()));
  }

  private static Manifest manifest(String instance) throws IOException {
    Path file = summary.artifact(instance).resolve("manifest.json");
    return Manifest.parse(file.toString(), Files.readString(file));
  }

  private static RunReader.Run parent(MlflowApi api, JsonSummary of) throws Exception {
    String experiment = api.findExperiment("facet").orElseThrow();
    String uuid = of.tree().get("run").asText();
    return api.reader().run(api.findRun(experiment, uuid).orElseThrow().id());
  }

  private static Map<String, RunReader.Run> children(MlflowApi api, RunReader.Run parent)
      throws Exception {
    String experiment = api.findExperiment("facet").orElseThrow();
    Map<String, RunReader.Run> children = new HashMap<>();
    for (RunReader.Run run :
        api.reader()
            .search(experiment, "tags.`mlflow.parentRunId` = '%s'".formatted(parent.id()))) {
      assertThat(children.put(run.name(), run)).as("two runs " + run.name()).isNull();
    }
    return children;
  }

  /** An artifact's bytes as Latin letters. */
  private static String artifact(RunReader.Run run, String path) throws Exception {
    String root = run.artifactUri().replaceFirst("^mlflow-artifacts:/*", "");
    URI uri = URI.create(mlflow.uri() + "/api/2.0/mlflow-artifacts/artifacts/" + root + "/" + path);
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(uri).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    assertThat(response.statusCode()).as(uri.toString()).isEqualTo(200);
    return response.body();
  }
}

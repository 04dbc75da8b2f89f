package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.evaluate.ModelFiles;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.registry.ModelReference;
import io.facet.pipelines.registry.ModelRegistry;
import io.facet.pipelines.registry.RegisteredModel;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.mlflow.LoggedModels;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.tracking.server.MlflowPin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A published student as a model of a real registry, in the place of a model file. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class RegisteredModelTest {
  private static final String CANDIDATE = "models:/tiny@candidate";

  @TempDir static Path folder;
  private static TestMlflow mlflow;
  private static Path published;
  private static Path face;
  private static Path other;

  @TempDir Path own;

  @BeforeAll
  static void publishAStudent() throws Exception {
    mlflow = TestMlflow.start(folder.resolve("mlflow"));
    Path json = folder.resolve("run.json");
    CommandRun run =
        CommandRun.of(
            "run",
            TinyRecipe.write(folder, TinyRecipe.studentAlone()),
            "--store",
            folder.resolve("store"),
            "--json",
            json,
            "--runner",
            "DirectRunner",
            "--tracking-uri",
            mlflow.uri());
    assertThat(run.exitCode()).as(run.said()).isZero();
    published = JsonSummary.read(json).artifact("publish");
    DrawnFolders.draw(folder);
    face = folder.resolve("train/p0/0.jpg");
    other = folder.resolve("train/p1/0.jpg");
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (mlflow != null) {
      mlflow.close();
    }
  }

  private static TrackingOptions options(URI server, Path cache) {
    return TrackingOptions.to(server).withEnvironment(Map.of("FACET_CACHE", cache.toString()));
  }

  private RegisteredModel resolve(String reference) throws Exception {
    return ModelRegistry.resolve(options(mlflow.uri(), own), ModelReference.parse(reference));
  }

  /** A command in a process of its own, whose cache is this test's. */
  private String said(int exitCode, Object... arguments) throws Exception {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--tracking-uri", mlflow.uri()));
    try (ChildProcess process =
        ChildProcess.start(
            own,
            Files.createTempFile(own, "said", ".txt"),
            Map.of("FACET_CACHE", own.toString()),
            all.toArray())) {
      assertThat(process.awaitEnd()).as(process.said()).isEqualTo(exitCode);
      return process.said();
    }
  }

  @Test
  void theVersionSaysWhatItsCardSays() throws Exception {
    JsonNode card =
        JsonText.parse("card", Files.readString(published.resolve("model/model-card.json")));
    assertThat(card.path("evaluation").path("figures")).isNotEmpty();
    try (MlflowApi api = mlflow.api()) {
      Registry.Version version = api.registry().aliased("tiny", "candidate").orElseThrow();
      assertThat(version.source()).contains("/models/m-").endsWith("/artifacts");
      assertThat(version.tags())
          .containsEntry("facet.student", "none#1")
          .containsEntry(
              "facet.evaluation", card.path("artifacts").path("evaluate[none#1]").asText())
          .containsEntry("facet.sha256", card.path("network").path("onnx").path("sha256").asText());
      assertThat(version.tags().get("accuracy/drawn")).matches("[0-9.]+ \\[[0-9.]+, [0-9.]+]");
      assertThat(version.description()).contains("| drawn | accuracy", "lfw-", "## Limits");
      for (String file :
          List.of("MLmodel", "conda.yaml", "requirements.txt", "model-card.md", "model.onnx")) {
        assertThat(api.artifact(version.source(), file))
            .isEqualTo(Files.readAllBytes(published.resolve("model").resolve(file)));
      }
    }
  }

  @Test
  void itIsOnThePageOfModelsWithItsFiguresByDataset() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      Registry.Version version = api.registry().aliased("tiny", "candidate").orElseThrow();
      RunReader.Run run = api.reader().run(version.runId());
      LoggedModels.Entry model =
          api.loggedModels().all(api.findExperiment("facet").orElseThrow()).get(0);
      assertThat(api.loggedModels().outputs(run.id())).containsExactly(model.id());
      assertThat(model.status()).isEqualTo("LOGGED_MODEL_READY");
      assertThat(model.name()).isEqualTo("tiny");
      assertThat(model.params())
          .containsEntry("student", "none#1")
          .containsEntry("method.key", "none")
          .containsKeys("network.backbone", "network.parameters", "preprocessing.width");
      assertThat(model.tags())
          .containsAllEntriesOf(
              version.tags().entrySet().stream()
                  .filter(tag -> !tag.getKey().equals(Registry.VERSION_TAG))
                  .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
      assertThat(model.metrics())
          .containsKey("accuracy/drawn")
          .allSatisfy((name, value) -> assertThat(run.metrics()).containsEntry(name, value));
      assertThat(model.datasets()).containsOnlyKeys("drawn");
      assertThat(run.datasets()).containsAllEntriesOf(model.datasets()).containsKey("ingest/pairs");
      assertThat(version.source()).isEqualTo(model.artifactUri());
    }
  }

  @Test
  void itIsEvaluatedAsItsFileIs() throws Exception {
    CommandRun file =
        CommandRun.of(
            "evaluate", "--model", published.resolve("student.onnx"), "--on", "synthetic:1");
    assertThat(file.exitCode()).as(file.said()).isZero();
    Path json = own.resolve("figures.json");
    String registered =
        said(0, "evaluate", "--model", CANDIDATE, "--on", "synthetic:1", "--json", json);
    assertThat(registered).contains(file.out().strip());
    assertThat(Files.readString(json)).contains("models:/tiny/1");
  }

  @Test
  void itEmbedsAndComparesByTheThresholdOfItsEvaluation() throws Exception {
    String embedded = said(0, "embed", "--model", "models:/tiny/1", face);
    CommandRun file =
        CommandRun.of("embed", "--model", published.resolve("model/model.onnx"), face);
    assertThat(embedded).contains(file.out().strip());
    String compared = said(0, "compare", face, other, "--model", CANDIDATE, "--far", "0.1");
    CommandRun fromStore =
        CommandRun.of(
            "compare", face, other, "--model", published.resolve("student.onnx"), "--far", "0.1");
    assertThat(compared).contains(fromStore.out().strip());
    assertThat(compared).contains("threshold is ", " on drawn (");
  }

  private String planned(String text, String name) throws Exception {
    Path recipe = Files.writeString(own.resolve(name + ".yaml"), text);
    return said(0, "plan", recipe, "--store", own.resolve("store"));
  }

  /** The fingerprint that a plan shows of a stage. */
  private static String fingerprint(String plan, String stage) {
    return plan.lines()
        .filter(line -> line.startsWith(stage + " "))
        .map(line -> line.split(" +")[2])
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStudentStartsFromItAndFollowsTheAlias() throws Exception {
    String recipe =
        TinyRecipe.studentAlone()
            .replace("distill:\n", "distill:\n  initial: {path: 'models:/tiny@start'}\n");
    try (MlflowApi api = mlflow.api()) {
      Registry.Version first = api.registry().aliased("tiny", "candidate").orElseThrow();
      api.registry().alias("tiny", "start", first.version());
      String before = planned(recipe, "start");
      assertThat(before).contains("models:/tiny@start is models:/tiny/1 (SHA-256 ");
      assertThat(fingerprint(planned(recipe, "start"), "distill[none#1]"))
          .isEqualTo(fingerprint(before, "distill[none#1]"));

      String artifacts = api.reader().run(first.runId()).artifactUri();
      MlflowApi.RunId run = new MlflowApi.RunId(first.runId(), "", artifacts, false);
      ModelVersion next = new ModelVersion("tiny", "model", "", Map.of(), List.of("start"));
      long version =
          api.registry().register("next", run, next, Registry.Source.of(run, next)).version();
      String after = planned(recipe, "start");
      assertThat(after).contains("models:/tiny@start is models:/tiny/" + version + " (");
      assertThat(fingerprint(after, "distill[none#1]"))
          .isNotEqualTo(fingerprint(before, "distill[none#1]"));
    }
  }

  @Test
  void aTeacherMayBeOneInARecipeAndTheFirstRecipeNamesItSo() throws Exception {
    String recipe =
        TinyRecipe.onnxTeacher(own, "feature-consistency")
            .replace("path: teacher.onnx", "path: 'models:/tiny/1'");
    assertThat(planned(recipe, "teacher")).contains("teacher[public]", "models:/tiny/1 (SHA-256 ");
    assertThat(said(ExitCodes.DATA, "plan", missing(recipe), "--store", own.resolve("store")))
        .contains("models:/tiny@nobody: the model has no alias 'nobody'; there is ");
    assertThat(said(0, "inspect", CANDIDATE))
        .contains("models:/tiny/1  SHA-256 ", "output  embedding");
  }

  private Path missing(String recipe) throws IOException {
    return Files.writeString(
        own.resolve("missing.yaml"), recipe.replace("models:/tiny/1", "models:/tiny@nobody"));
  }

  @Test
  void aFileFetchedBeforeIsNotFetchedAgainUnlessItWasChanged() throws Exception {
    Path file = resolve(CANDIDATE).file();
    assertThat(file).hasSameBinaryContentAs(published.resolve("student.onnx"));
    assertThat(resolve("models:/tiny/1").file()).isEqualTo(file);
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(resolve(CANDIDATE).file()).hasSameBinaryContentAs(published.resolve("student.onnx"));
  }

  @Test
  void aFileThatWasChangedOnTheServerIsRefused() throws Exception {
    Path kept =
        ChildProcess.files(folder.resolve("mlflow"), "**/models/*/artifacts/model.onnx").stream()
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(kept);
    try {
      Files.write(kept, Files.readAllBytes(published.resolve("student.safetensors")));
      assertThatThrownBy(() -> resolve(CANDIDATE))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("models:/tiny/1: its file is not what was registered (SHA-256 ");
    } finally {
      Files.write(kept, bytes);
    }
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    assertThatThrownBy(() -> resolve("models:/small@candidate"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no model 'small'; there is ")
        .hasMessageContaining("tiny");
    assertThatThrownBy(() -> resolve("models:/tiny@champion"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "models:/tiny@champion: the model has no alias 'champion'; there is candidate");
    assertThatThrownBy(() -> resolve("models:/tiny/7"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("models:/tiny/7: the model has no version 7; there is 1");
  }

  @Test
  void aVersionWithoutAModelFileIsRefused() throws Exception {
    try (MlflowApi api = mlflow.api()) {
      Registry.Version version = api.registry().aliased("tiny", "candidate").orElseThrow();
      String artifacts = api.reader().run(version.runId()).artifactUri();
      MlflowApi.RunId run = new MlflowApi.RunId(version.runId(), "", artifacts, false);
      ModelVersion empty = new ModelVersion("empty", "nothing", "", Map.of(), List.of());
      api.registry().register("without", run, empty, Registry.Source.of(run, empty));
    }
    assertThatThrownBy(() -> resolve("models:/empty/1"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("models:/empty/1 has no model file: MLmodel is not in ");
  }

  @Test
  void aServerThatIsAwayOrUnknownIsTold() throws Exception {
    try (DeadServer away = DeadServer.away()) {
      TrackingOptions server = options(URI.create("http://" + away.address()), own);
      assertThatThrownBy(() -> ModelRegistry.resolve(server, ModelReference.parse(CANDIDATE)))
          .isInstanceOf(InfrastructureException.class)
          .hasMessageContaining("models:/tiny@candidate: MLflow cannot be asked")
          .hasMessageContaining("--tracking-uri");
    }
    assertThatThrownBy(
            () -> ModelRegistry.resolve(TrackingOptions.local(), ModelReference.parse(CANDIDATE)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("no MLflow server is known");
  }

  @Test
  void theFetchedFileKeepsItsContract() throws Exception {
    EmbedderLoader.Described bgr =
        RecordBinder.bindJson(
            EmbedderLoader.Described.class, "{\"input\": {\"colourOrder\": \"bgr\"}}");
    Path file = resolve(CANDIDATE).file();
    assertThatThrownBy(() -> ModelFiles.open(file, bgr))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("was made for preprocessing");
  }

  /** The packages come from the network, into a folder of this test. */
  @Test
  @Tag("soak")
  void theCardsPythonEmbedsAsFacetDoes() throws Exception {
    Path python =
        Optional.ofNullable(System.getenv("FACET_CACHE"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "facet"))
            .resolve("mlflow-" + MlflowPin.VERSION + "/bin/python");
    Assumptions.assumeTrue(Files.exists(python), "MLflow of Python 3.9 is another one");
    Path packages = own.resolve("packages");
    List<String> install = new ArrayList<>(List.of("-m", "pip", "install", "--quiet"));
    install.addAll(List.of("--target", packages.toString(), "--no-deps"));
    install.addAll(List.of("onnx", "onnxruntime", "ml_dtypes", "flatbuffers"));
    python(python, packages, install);
    float[] expected;
    try (FaceEmbedder embedder = FaceEmbedder.open(published.resolve("student.safetensors"))) {
      Pixels crop = ((Aligned) embedder.align(Files.readAllBytes(face))).crop();
      Files.write(own.resolve("aligned.png"), FaceEncoder.png(crop));
      expected = embedder.embed(List.of(crop))[0];
    }
    String code =
        """
        import json, sys
        scope = {}
        exec(json.load(open(sys.argv[1]))["use"]["python"], scope)
        example = scope["model"].metadata.load_input_example("models:/tiny@candidate")
        assert example.shape == (1, 3, 112, 112)
        print(json.dumps(scope["embedding"].tolist()))
        """;
    String card = published.resolve("model/model-card.json").toString();
    String said = python(python, packages, List.of("-c", code, card));
    JsonNode numbers = JsonText.parse("embedding", said.lines().reduce("", (a, b) -> b));
    float[] embedding = new float[numbers.size()];
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = numbers.get(i).floatValue();
    }
    assertThat(embedding).hasSameSizeAs(expected);
    assertThat(FaceEmbedder.similarity(embedding, expected)).isGreaterThanOrEqualTo(0.99999);
  }

  private String python(Path python, Path packages, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(python.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(own.toFile());
    builder.environment().put("PYTHONPATH", packages.toString());
    builder.environment().put("MLFLOW_TRACKING_URI", mlflow.uri().toString());
    Path out = Files.createTempFile(own, "python", ".txt");
    Process process =
        builder
            .redirectOutput(out.toFile())
            .redirectError(own.resolve("python.err").toFile())
            .start();
    assertThat(process.waitFor()).as(this::errors).isZero();
    return Files.readString(out);
  }

  private String errors() {
    try {
      return Files.readString(own.resolve("python.err"));
    } catch (IOException e) {
      return "nothing: " + e;
    }
  }
}

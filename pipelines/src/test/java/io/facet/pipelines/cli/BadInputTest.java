package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.PlanRunner;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong recipes, data, weights and disks: the exit code, one clear line, nothing half-made. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BadInputTest {
  @TempDir Path folder;
  private Path data;
  private Path store;
  private Path json;

  @BeforeEach
  void draw() throws IOException {
    data = folder.resolve("data");
    store = folder.resolve("store");
    json = folder.resolve("run.json");
    DrawnFolders.draw(data);
  }

  @Test
  void aMistakeInTheRecipeNamesFileAndLine() throws IOException {
    String text = DrawnFolders.recipe(data).replace("batchSize", "batchsize");
    CommandRun run = run(text);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
    long line = text.lines().takeWhile(l -> !l.contains("batchsize")).count() + 1;
    assertThat(run.err()).contains("recipe.yaml:" + line).contains("batchSize");
    assertThat(store).doesNotExist();
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    assertThat(CommandRun.of("run", "recipe.yaml", "--stroe", "x").exitCode())
        .isEqualTo(ExitCodes.RECIPE);
  }

  @Test
  void aMissingFolder() throws IOException {
    CommandRun run = run(DrawnFolders.recipe(data).replace("path: train", "path: nowhere"));
    assertFailed(run, ExitCodes.DATA, "nowhere");
  }

  @Test
  void noReadableImage() throws IOException {
    for (Path image : images()) {
      Files.writeString(image, "no image: " + image.getFileName() + image.getParent());
    }
    Files.writeString(
        data.resolve("pairs.csv"), "left,right,same\np0/0.jpg,p0/1.jpg,1\np0/0.jpg,p1/0.jpg,0\n");
    CommandRun run =
        run(
            DrawnFolders.recipe(data)
                .replace("images, namespace", "train, namespace")
                .replace("verification:", "overlap: report\n  verification:"));
    assertFailed(run, ExitCodes.DATA, "inspect");
  }

  @Test
  void pairsWithoutAnyImage() throws IOException {
    CommandRun run =
        run(DrawnFolders.recipe(data).replace("images, namespace", "train, namespace"));
    assertFailed(run, ExitCodes.DATA, "none of the 4 pairs can be scored");
  }

  @Test
  void oneIdentityOnly() throws IOException {
    for (int person = 1; person < DrawnFolders.PEOPLE; person++) {
      for (int shot = 0; shot < DrawnFolders.SHOTS; shot++) {
        Files.delete(data.resolve("train/p%d/%d.jpg".formatted(person, shot)));
      }
    }
    assertFailed(run(DrawnFolders.recipe(data)), ExitCodes.DATA, "identit");
  }

  @Test
  void unreadableImagesLiesAboutTypesAndDuplicatesAreCounted() throws IOException {
    Files.writeString(data.resolve("train/p0/text.jpg"), "this is not an image");
    Files.copy(data.resolve("train/p1/0.jpg"), data.resolve("train/p1/really-jpeg.png"));
    CommandRun run = run(DrawnFolders.recipe(data));
    assertThat(run.exitCode()).as(run.said()).isZero();
    Manifest ingest = manifest("ingest");
    assertThat(ingest.metrics()).containsEntry("duplicates", 1.0);
    long rejects =
        ingest.table("rejects").orElseThrow().rows()
            + manifest("align").table("rejects").orElseThrow().rows();
    assertThat(rejects).isEqualTo(1);
    int whole = DrawnFolders.PEOPLE * DrawnFolders.SHOTS + 4;
    assertThat(manifest("align").table("faces").orElseThrow().rows()).isEqualTo(whole);
  }

  @Test
  void pairsThatNameAMissingImageAreDeadLetters() throws IOException {
    Files.writeString(data.resolve("pairs.csv"), DrawnFolders.PAIRS + "q0/0.jpg,q1/lost.jpg,0,1\n");
    CommandRun run = run(DrawnFolders.recipe(data));
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(manifest("ingest").table("pairs").orElseThrow().rows()).isEqualTo(4);
    assertThat(manifest("ingest").metrics()).containsEntry("rejected.unusable-pair", 1.0);
    assertThat(manifest("evaluate[none#1]").table("scores").orElseThrow().rows()).isEqualTo(4);
  }

  @Test
  void weightsWithAMissingTensor() throws IOException {
    Map<String, FloatTensor> tensors = studentTensors();
    String lost = tensors.keySet().iterator().next();
    tensors.remove(lost);
    assertFailed(runWithTeacher(tensors), ExitCodes.DATA, "teacher.safetensors", lost);
  }

  @Test
  void weightsWithAWrongShape() throws IOException {
    Map<String, FloatTensor> tensors = studentTensors();
    String wrong = tensors.keySet().iterator().next();
    tensors.put(wrong, FloatTensor.of(wrong, new Shape(3, 1), new float[3]));
    assertFailed(runWithTeacher(tensors), ExitCodes.DATA, "teacher.safetensors", wrong);
  }

  @Test
  void weightsThatAreNoWeightsFile() throws IOException {
    Files.writeString(data.resolve("teacher.safetensors"), "weights, honestly");
    assertFailed(run(withTeacher()), ExitCodes.DATA, "teacher.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full-after-2000", "full-after-30000", "read-only"})
  void aDiskThatCannotBeWrittenCommitsNothing(String fault) throws IOException {
    RecipeFile recipe = RecipeFile.parse("recipe.yaml", DrawnFolders.recipe(data), List.of());
    String root =
        fault.equals("read-only")
            ? "faulty://read-only" + store
            : "faulty://%s-%s%s".formatted(fault, folder.getFileName(), store);
    try (ArtifactStore faulty = ArtifactStore.open(root)) {
      RunnerOptions direct = RunnerOptions.local("DirectRunner", 2);
      RunSummary summary =
          new PlanRunner(faulty, "run", direct::create, List.of())
              .run(RecipeRun.plan(recipe, faulty, RunRequest.of(Path.of("recipe.yaml"))));
      assertThat(summary.exitCode())
          .as(summary.failures().toString())
          .isEqualTo(ExitCodes.INFRASTRUCTURE);
      assertThat(FailureText.of(summary.failures().get(0)))
          .contains("nothing was committed", "--store")
          .doesNotContain("\n");
    }
    assertThat(ChildProcess.files(store, "*/*/COMMITTED")).isEmpty();
  }

  @Test
  void anOccupiedPort() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run =
          CommandRun.of("track", "serve", "--store", store, "--port", other.getLocalPort());
      assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.INFRASTRUCTURE);
      assertThat(run.err()).contains("Port " + other.getLocalPort() + " is occupied");
    }
  }

  private CommandRun run(String text) throws IOException {
    Path recipe = Files.writeString(folder.resolve("recipe.yaml"), text);
    return CommandRun.of(
        "run",
        recipe,
        "--store",
        store,
        "--tracking-uri",
        "none",
        "--runner",
        "DirectRunner",
        "--json",
        json);
  }

  /** The right code, a line that says it all, and no artifact of a failed stage. */
  private void assertFailed(CommandRun run, int exitCode, String... words) throws IOException {
    assertThat(run.exitCode()).as(run.said()).isEqualTo(exitCode);
    String line = run.err().lines().filter(l -> l.startsWith("facet: ")).findFirst().orElseThrow();
    assertThat(line).contains(words);
    assertThat(run.err()).doesNotContain("\tat ").doesNotContain("bug of Facet");
    if (Files.exists(json)) {
      JsonSummary summary = JsonSummary.read(json);
      assertThat(summary.tree().get("status").asText()).isEqualTo("failed");
      summary.stages().stream()
          .filter(stage -> stage.get("result").asText().equals("failed"))
          .forEach(stage -> assertThat(stage.has("artifact")).isFalse());
    }
  }

  private List<Path> images() throws IOException {
    return ChildProcess.files(data, "**.jpg");
  }

  private Manifest manifest(String instance) throws IOException {
    Path file = JsonSummary.read(json).artifact(instance).resolve("manifest.json");
    return Manifest.parse(file.toString(), Files.readString(file));
  }

  private String withTeacher() {
    return DrawnFolders.recipe(data)
        + """
        teachers:
          - name: imported
            backbone: {mobilefacenet: {width: 0.125, embedding: 64}}
            weights: {path: teacher.safetensors}
        """;
  }

  private CommandRun runWithTeacher(Map<String, FloatTensor> tensors) throws IOException {
    Files.write(data.resolve("teacher.safetensors"), Safetensors.write(tensors, Map.of()));
    return run(withTeacher());
  }

  /** What a weights file of the network has to hold. */
  private static Map<String, FloatTensor> studentTensors() {
    Map<String, FloatTensor> tensors = new TreeMap<>();
    Backbone.create(
            RecordBinder.select(
                Backbone.class, "mobilefacenet", "{\"width\": 0.125, \"embedding\": 64}"))
        .weights()
        .forEach(
            (name, weight) ->
                tensors.put(
                    name,
                    FloatTensor.of(name, weight.shape(), new float[(int) weight.shape().size()])));
    return tensors;
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.artifact.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Teachers and models of which only a file of somebody else exists. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FrozenTeacherTest {
  private static final Selected<Backbone<?>> NETWORK =
      RecordBinder.select(
          Backbone.class, "iresnet", "{\"depth\": 18, \"width\": 0.125, \"embedding\": 64}");

  @TempDir Path folder;

  private static ModelFile model() {
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(NETWORK)) {
      network.initialise(manager, 1);
      return ModelFile.of(NETWORK, Preprocessing.STANDARD, network);
    }
  }

  private Path recipe(String method) throws Exception {
    Files.write(folder.resolve("teacher.onnx"), OnnxExport.bytes(model()));
    return TinyRecipe.write(folder, TinyRecipe.onnxTeacher(folder, method));
  }

  private CommandRun run(String command, Path recipe, Path json) {
    return command.equals("plan")
        ? CommandRun.of("plan", recipe, "--store", folder.resolve("store"))
        : CommandRun.of(
            "run",
            recipe,
            "--store",
            folder.resolve("store"),
            "--tracking-uri",
            "none",
            "--json",
            json);
  }

  @Test
  void anOnnxFileTeachesByItsCachedEmbeddings() throws Exception {
    Path json = folder.resolve("run.json");
    CommandRun run = run("run", recipe("feature-consistency"), json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    JsonSummary summary = JsonSummary.read(json);
    assertThat(summary.artifact("teacher[public]").resolve("model.frozen")).exists();
    Path prompt = summary.artifact("prompt[public]");
    Manifest manifest =
        Manifest.parse("manifest.json", Files.readString(prompt.resolve("manifest.json")));
    assertThat(manifest.table("teacher_features").orElseThrow().rows()).isPositive();
    assertThat(summary.artifact("distill[feature-consistency#1]").resolve("model.safetensors"))
        .exists();
    assertThat(summary.named(false)).contains("evaluate[public]");
  }

  @Test
  void aMethodThatReadsMoreThanEmbeddingsIsRefusedBeforeAnyWork() throws Exception {
    CommandRun run = run("plan", recipe("{cakd: {prompts: none}}"), null);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.said()).contains("last of teacher 'public'", "it offers embeddings only");
  }

  @Test
  void evaluateMeasuresOnnxAndForeignWeights() throws Exception {
    ModelFile model = model();
    Path onnx = folder.resolve("some.bin");
    Files.write(onnx, OnnxExport.bytes(model));
    Map<String, FloatTensor> tensors = new TreeMap<>();
    Backbone.create(NETWORK)
        .weights()
        .forEach(
            (name, weight) ->
                tensors.put(
                    "module." + name,
                    FloatTensor.of(name, weight.shape(), model.weights().get(name))));
    Path foreign = folder.resolve("foreign.safetensors");
    Files.write(foreign, Safetensors.write(tensors, Map.of()));
    String set = "synthetic:5";
    CommandRun first = CommandRun.of("evaluate", "--model", onnx, "--on", set);
    assertThat(first.exitCode()).as(first.said()).isZero();
    CommandRun second =
        CommandRun.of(
            "evaluate",
            "--model",
            foreign,
            "--on",
            set,
            "--naming",
            "insightface",
            "--backbone",
            "{iresnet: {depth: 18, width: 0.125, embedding: 64}}");
    assertThat(second.exitCode()).as(second.said()).isZero();
    assertThat(first.out()).contains("accuracy");
    assertThat(accuracy(second)).isEqualTo(accuracy(first));

    CommandRun unsaid = CommandRun.of("evaluate", "--model", foreign, "--on", set);
    assertThat(unsaid.exitCode()).isEqualTo(2);
    assertThat(unsaid.said()).contains("add --backbone");
    CommandRun other =
        CommandRun.of(
            "evaluate",
            "--model",
            foreign,
            "--on",
            set,
            "--backbone",
            "{iresnet: {depth: 18, width: 0.125, embedding: 32}}");
    assertThat(other.exitCode()).isEqualTo(3);
    assertThat(other.said()).contains("foreign.safetensors does not fill the network iresnet");
  }

  private static String accuracy(CommandRun run) {
    return run.out().lines().filter(line -> line.contains("accuracy")).findFirst().orElseThrow();
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.plan.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images of nobody in particular, a public teacher, and validation on pairs of their own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UnlabelledFacesTest {
  private static final String VALIDATION =
      "validation: {source: {csv-pairs: {pairs: pairs.csv, images: images, namespace: other}}}";

  private static final String DRAWN =
      "source: {synthetic: {firstIdentity: 1000000, identities: 6, shots: 3, pairs: 20, size: 112}}";

  @TempDir Path folder;

  @BeforeEach
  void drawFacesAndTeacher() throws Exception {
    DrawnFolders.draw(folder);
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class, "iresnet", "{\"depth\": 18, \"width\": 0.125, \"embedding\": 64}");
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      Files.write(
          folder.resolve("teacher.onnx"),
          OnnxExport.bytes(ModelFile.of(backbone, Preprocessing.STANDARD, network)));
    }
  }

  private Path recipe(String methods, String validation) throws Exception {
    String text =
        DrawnFolders.recipe(folder)
                .replace("{path: train, namespace: train}", "{path: train, identity: none}")
                .replace(
                    "source: {csv-pairs: {pairs: pairs.csv, images: images, namespace: other}}",
                    DRAWN)
                .replace("validation: {share: 0}", validation)
                .replace("methods: [none]", "methods: " + methods)
                .replace("distill:\n", "distill:\n  teacher: public\n")
            + "teachers: [{name: public, onnx: {path: teacher.onnx, embedding: 64}}]\n";
    return TinyRecipe.write(folder, text);
  }

  private CommandRun facet(String command, Path recipe, Object... more) {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = command;
    arguments[1] = recipe;
    arguments[2] = "--store";
    arguments[3] = folder.resolve("store");
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandRun.of(arguments);
  }

  @Test
  void studentsLearnFromThemAndAreValidatedOnPairsOfTheirOwn() throws Exception {
    Path recipe =
        recipe(
            "[{feature-consistency: {identityWeight: 0}}, {rkd: {identityWeight: 0}}]", VALIDATION);
    Path json = folder.resolve("run.json");

    CommandRun run = facet("run", recipe, "--tracking-uri", "none", "--json", json);

    assertThat(run.exitCode()).as(run.said()).isZero();
    JsonSummary summary = JsonSummary.read(json);
    String history =
        Files.readString(
            summary.artifact("distill[feature-consistency#1]").resolve("manifest.json"));
    assertThat(history)
        .contains("validation/accuracy", "loss/feature")
        .doesNotContain("identity\"");
  }

  @Test
  void methodsThatNeedLabelsAreRefusedWhenTheRecipeIsPlanned() throws Exception {
    for (String method :
        new String[] {"none", "feature-consistency", "{ada-distill: {identityWeight: 0}}"}) {
      CommandRun plan = facet("plan", recipe("[%s]".formatted(method), VALIDATION));

      assertThat(plan.exitCode()).as(plan.said()).isEqualTo(ExitCodes.DATA);
      assertThat(plan.err())
          .contains("distill.methods", "only 0 identities are known", "add labelled faces");
    }
  }

  @Test
  void validationPairsMayShareNothingWithTraining() throws Exception {
    Path recipe = recipe("[{rkd: {identityWeight: 0}}]", VALIDATION);
    Files.copy(
        folder.resolve("images/q0/0.jpg"),
        folder.resolve("train/p0/stray.jpg"),
        StandardCopyOption.REPLACE_EXISTING);

    CommandRun run = facet("run", recipe, "--tracking-uri", "none", "--runner", "DirectRunner");

    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains("'validation' shares 1 image ", "stray.jpg");
  }
}

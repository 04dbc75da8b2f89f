package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.embed.FaceEmbedder;
import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Students in other precisions, by command and in a run. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExportTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path model;
  private static Path images;

  @BeforeAll
  static void drawFacesAndWriteAModel() throws IOException {
    model = TinyModel.write(shared, 64);
    DrawnFolders.draw(shared);
    images = shared.resolve("train");
  }

  private static CommandRun export(Object... more) {
    return CommandRun.of(
        Stream.concat(Stream.of("export", "--model", model), Stream.of(more)).toArray());
  }

  @Test
  void theSameFacesGiveTheSameSmallFileThatEmbedsLikeItsOriginal() throws IOException {
    Path one = folder.resolve("one.onnx");
    Path again = folder.resolve("again.onnx");
    for (Path file : List.of(one, again)) {
      CommandRun run =
          export("--out", file, "--precision", "int8", "--calibrate", images, "--images", 12);
      assertThat(run.exitCode()).as(run.said()).isZero();
      assertThat(run.out()).contains("int8", "calibrated on 12 faces");
    }
    assertThat(one).hasSameBinaryContentAs(again);
    Path face = images.resolve("p0/0.jpg");
    try (FaceEmbedder original = FaceEmbedder.open(model);
        FaceEmbedder small = FaceEmbedder.open(one)) {
      assertThat(FaceEmbedder.similarity(original.embed(face), small.embed(face)))
          .isGreaterThan(0.9);
    }
  }

  @Test
  void whatIsMissingOrWrongIsSaidBeforeAnythingIsWritten() {
    Path file = folder.resolve("student.onnx");
    refused(
        export("--out", file, "--precision", "int4"), "--precision: must be float32, float16 or");
    refused(export("--out", file, "--precision", "int8"), "--precision int8 needs --calibrate");
    refused(
        export("--out", file, "--precision", "int8", "--calibrate", images, "--percentile", 40),
        "--percentile: must lie above 50");
    refused(
        export("--out", file, "--precision", "int8", "--calibrate", images, "--weight-bits", 4),
        "--weight-bits: must be 7 or 8");
    refused(export("--out", model), "--out: " + model + " is one of the inputs");
    CommandRun absent =
        export("--out", file, "--precision", "int8", "--calibrate", folder.resolve("none"));
    assertThat(absent.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(absent.err()).contains("no such image or folder");
    assertThat(file).doesNotExist();
  }

  private static void refused(CommandRun run, String words) {
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err()).contains(words);
  }

  @Test
  void aRunMeasuresEachExportBesideItsStudent() throws Exception {
    Path recipe =
        TinyRecipe.write(
            folder,
            TinyRecipe.ownTeacher(model)
                    .replace(
                        "{bootstrapSamples: 50}",
                        "{bootstrapSamples: 50, teachers: false, memory: true}")
                + "export: {precisions: [float16, int8], calibration: {images: 16}}\n");
    Object[] command = {
      "run", recipe, "--store", folder.resolve("store"), "--tracking-uri", "none"
    };
    CommandRun run = CommandRun.of(command);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("feature-consistency-float16", "feature-consistency-int8", "Δ vs float32")
        .contains("multiply-adds");
    if (OS.current() == OS.LINUX) {
      assertThat(run.out())
          .contains("model memory, MB", "peak memory, MB", "of it the model")
          .containsPattern("-int8 .* [1-9][0-9]+\\.[0-9] +[0-9]+\\.[0-9]\\n");
    }
    assertThat(files("export")).hasSize(2);
    CommandRun again = CommandRun.of(command);
    assertThat(again.err())
        .containsPattern("export\\[feature-consistency-int8#1] +cached")
        .containsPattern("evaluate\\[feature-consistency-int8#1] +cached");
    CommandRun board = CommandRun.of("leaderboard", "--store", folder.resolve("store"));
    assertThat(board.exitCode()).as(board.said()).isZero();
    assertThat(board.out()).contains("feature-consistency-int8");
    CommandRun other =
        CommandRun.of(
            "plan", recipe, "--store", folder.resolve("store"), "--set", "evaluate.memory=false");
    assertThat(other.out())
        .containsPattern("export\\[feature-consistency-int8#1] +cached")
        .containsPattern("evaluate\\[feature-consistency-int8#1] +(?!cached)");
  }

  @Test
  void aStudentThatLearnsForInt8IsExportedWithTheRangesItLearnt() throws Exception {
    String recipe =
        TinyRecipe.ownTeacher(model)
                .replace(
                    "  teacher: start\n", "  teacher: start\n  quantisation: {weightBits: 8}\n")
            + "export: {precisions: [int8]}\n";
    CommandRun run =
        CommandRun.of(
            "run",
            TinyRecipe.write(folder, recipe),
            "--store",
            folder.resolve("store"),
            "--tracking-uri",
            "none");
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("feature-consistency-int8");
    Path student = file("distill", "model.safetensors");
    Path out = folder.resolve("int8.onnx");
    CommandRun command =
        CommandRun.of("export", "--model", student, "--out", out, "--precision", "int8");
    assertThat(command.exitCode()).as(command.said()).isZero();
    assertThat(command.out()).contains("with the ranges that its training learnt");
    assertThat(out).hasSameBinaryContentAs(file("export", "student.onnx"));
    CommandRun overruled =
        CommandRun.of(
            "export", "--model", student, "--out", out, "--precision", "int8", "--weight-bits", 7);
    refused(overruled, "--weight-bits: the model was trained for int8");
  }

  @Test
  void aStudentThatCannotLearnForInt8IsRefusedBeforeAnythingIsComputed() throws Exception {
    String learns =
        TinyRecipe.ownTeacher(model)
            .replace("  teacher: start\n", "  teacher: start\n  quantisation: {weightBits: 8}\n");
    for (String[] change :
        new String[][] {
          {
            "student: {mobilefacenet: {width: 0.125, embedding: 64}}\n",
            "student: {vit: {patch: 16, dim: 32, depth: 2, heads: 2, embedding: 64}}\n",
            "distill.quantisation: backbone 'vit' has layers that cannot be trained so"
          },
          {"  initial: *start\n", "", "name them with distill.initial"},
          {"weightBits: 8", "weightBits: 6", "distill.quantisation.weightBits"}
        }) {
      String recipe = learns.replace(change[0], change[1]);
      CommandRun run =
          CommandRun.of(
              "plan", TinyRecipe.write(folder, recipe), "--store", folder.resolve("store"));
      refused(run, change[2]);
    }
  }

  private Path file(String stage, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store").resolve(stage))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private List<Path> files(String stage) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store").resolve(stage))) {
      return files.filter(file -> file.endsWith("student.onnx")).toList();
    }
  }

  @Test
  void aPrecisionThatDoesNotExistIsRefusedWithItsLine() throws Exception {
    String recipe = TinyRecipe.ownTeacher(model) + "export: {precisions: [int9]}\n";
    CommandRun run =
        CommandRun.of("plan", TinyRecipe.write(folder, recipe), "--store", folder.resolve("store"));
    assertThat(run.exitCode()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err()).contains("export.precisions");
  }
}

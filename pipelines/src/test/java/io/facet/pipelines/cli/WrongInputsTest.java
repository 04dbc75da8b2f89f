package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong inputs through every command that reads inputs: an error of the data or the recipe in one
 * line, never a bug of Facet.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WrongInputsTest {
  private static final String CSV =
      "{csv-pairs: {pairs: pairs.csv, images: images, namespace: other}}";

  @TempDir static Path shared;
  private static Path model;

  @TempDir Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    DrawnFolders.draw(shared);
    model = TinyModel.write(shared, 64);
  }

  static Stream<String> pairLists() {
    return WrongFiles.pairLists().keySet().stream();
  }

  static Stream<String> verificationSets() {
    return WrongFiles.verificationSets().keySet().stream();
  }

  static Stream<String> anyKind() {
    return WrongFiles.ofAnyKind().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("pairLists")
  void wrongPairLists(String kind) throws IOException {
    Files.createSymbolicLink(folder.resolve("images"), shared.resolve("train"));
    Path list = folder.resolve("pairs.csv");
    WrongFiles.pairLists().get(kind).write(list);
    assertRefused("evaluate", "--model", model, "--on", "csv-pairs:" + list);
    boolean plannable =
        List.of("header only", "images that are not there", "one kind of pair").contains(kind);
    if (!plannable) {
      walk(recipe().replace("pairs: pairs.csv", "pairs: " + list));
    }
  }

  @ParameterizedTest
  @MethodSource("anyKind")
  void wrongLfwLists(String kind) throws IOException {
    Files.createDirectories(folder.resolve("set/images/Ann"));
    Files.copy(shared.resolve("images/q0/0.jpg"), folder.resolve("set/images/Ann/Ann_0001.jpg"));
    WrongFiles.ofAnyKind().get(kind).write(folder.resolve("set/pairs.txt"));
    assertRefused("evaluate", "--model", model, "--on", "lfw-pairs:" + folder.resolve("set"));
  }

  @ParameterizedTest
  @MethodSource("verificationSets")
  void wrongVerificationSets(String kind) throws IOException {
    Path file = folder.resolve("set.bin");
    WrongFiles.verificationSets().get(kind).write(file);
    assertRefused("evaluate", "--model", model, "--on", "bin:" + file);
    if (!List.of("no pairs", "no images").contains(kind)) {
      walk(recipe().replace(CSV, "{bin: {path: %s}}".formatted(file)));
    }
  }

  @ParameterizedTest
  @MethodSource("anyKind")
  void wrongRecordsAndIndexes(String kind) throws IOException {
    WrongFiles.Writer writer = WrongFiles.ofAnyKind().get(kind);
    Path records = folder.resolve("train.rec");
    writer.write(records);
    Files.writeString(folder.resolve("train.idx"), "0\t0\n1\t40\n");
    String source = "folder: {path: train, namespace: train}";
    walk(recipe().replace(source, "recordio: {path: %s}".formatted(records)));
    Path others = Files.writeString(folder.resolve("other.rec"), "");
    writer.write(folder.resolve("other.idx"));
    walk(recipe().replace(source, "recordio: {path: %s}".formatted(others)));
  }

  @ParameterizedTest
  @MethodSource("anyKind")
  void wrongModels(String kind) throws IOException {
    for (String ending : List.of("onnx", "pth", "safetensors")) {
      Path file = folder.resolve("model." + ending);
      WrongFiles.ofAnyKind().get(kind).write(file);
      String set = "csv-pairs:" + shared.resolve("pairs.csv");
      assertRefused("evaluate", "--model", file, "--on", set);
      assertRefused(
          "evaluate",
          "--model",
          file,
          "--on",
          set,
          "--backbone",
          "{mobilefacenet: {width: 0.125, embedding: 64}}");
      assertNoBug(CommandRun.of("inspect", file));
    }
    Path table = folder.resolve("table.parquet");
    WrongFiles.ofAnyKind().get(kind).write(table);
    assertNoBug(CommandRun.of("inspect", table));
    assertNoBug(CommandRun.of("inspect", folder));
  }

  @ParameterizedTest
  @MethodSource("anyKind")
  void wrongDetectors(String kind) throws IOException {
    Path file = folder.resolve("yunet.onnx");
    WrongFiles.ofAnyKind().get(kind).write(file);
    String set = "csv-pairs:" + shared.resolve("pairs.csv");
    assertRefused("evaluate", "--model", model, "--on", set, "--detector", file);
  }

  @ParameterizedTest
  @MethodSource("anyKind")
  void wrongRecipes(String kind) throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    WrongFiles.ofAnyKind().get(kind).write(recipe);
    for (String command : List.of("plan", "run", "doctor", "nightly")) {
      assertRefused(command, recipe, "--store", folder.resolve("store"));
    }
    assertRefused("submit", recipe, "--flink-master", "nowhere.invalid:8081");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "a file", "texts only", "strays"})
  void wrongFolders(String kind) throws IOException {
    Path people = folder.resolve("people");
    switch (kind) {
      case "empty" -> Files.createDirectory(people);
      case "a file" -> Files.writeString(people, "text");
      case "texts only" ->
          Files.writeString(Files.createDirectories(people.resolve("a")).resolve("1.txt"), "text");
      case "strays" ->
          Files.copy(
              shared.resolve("train/p0/0.jpg"), Files.createDirectory(people).resolve("0.jpg"));
      default -> {}
    }
    String recipe = recipe().replace("path: train", "path: " + people);
    walk(recipe);
    assertWrong(command("nightly", recipe));
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "weights"})
  void aRunSaysWhatTheTeacherIs(String form) throws IOException {
    Map<String, WrongFiles.Writer> files = WrongFiles.ofAnyKind();
    for (String kind : List.of("web page", "LFS pointer", "tar")) {
      Path teacher = folder.resolve("teacher");
      Files.deleteIfExists(teacher);
      files.get(kind).write(teacher);
      String text =
          recipe()
              + (form.equals("onnx")
                      ? "teachers: [{name: t, onnx: {path: %s, embedding: 64}}]\n"
                      : "teachers: [{name: t, backbone: {mobilefacenet: {width: 0.125, embedding: 64}},"
                          + " weights: {path: %s}}]\n")
                  .formatted(teacher);
      CommandRun run = command("run", text);
      assertWrong(run);
      assertThat(run.err()).contains("teacher is a ");
    }
  }

  private String recipe() {
    return DrawnFolders.recipe(shared);
  }

  private CommandRun command(String command, String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
    List<Object> arguments = new ArrayList<>(List.of(command, file));
    arguments.addAll(List.of("--store", folder.resolve("store")));
    if (List.of("run", "nightly").contains(command)) {
      arguments.addAll(List.of("--tracking-uri", "none", "--runner", "DirectRunner"));
    }
    return CommandRun.of(arguments.toArray());
  }

  private void walk(String recipe) throws IOException {
    for (String command : List.of("plan", "run", "doctor")) {
      assertWrong(command(command, recipe));
    }
  }

  private static void assertRefused(Object... arguments) {
    assertWrong(CommandRun.of(arguments));
  }

  private static void assertWrong(CommandRun run) {
    assertThat(run.exitCode()).as(run.said()).isIn(ExitCodes.DATA, ExitCodes.RECIPE);
    assertNoBug(run);
  }

  private static void assertNoBug(CommandRun run) {
    assertThat(run.exitCode()).as(run.said()).isNotEqualTo(ExitCodes.BUG);
    assertThat(run.said())
        .doesNotContain("bug of Facet")
        .doesNotContain("\tat ")
        .doesNotContain("Exception");
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.recipe.RecipeFile;
import io.facet.transforms.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration as it ships, with fewer faces and one step a student. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoCommandTest {
  private static final String ROOT = "facet.root";

  @TempDir static Path folder;
  private static String rootBefore;
  private static CommandRun demo;
  private static JsonSummary summary;

  @BeforeAll
  static void runTheDemonstration() throws IOException {
    rootBefore = System.setProperty(ROOT, "..");
    demo =
        CommandRun.of(
            "demo",
            "--store",
            folder.resolve("store"),
            "--json",
            folder.resolve("demo.json"),
            "--tracking-uri",
            "none",
            "--set",
            "data.train=[{synthetic: {identities: 10, shots: 3}}]",
            "--set",
            "data.verification.0.source.synthetic.identities=6",
            "--set",
            "data.verification.0.source.synthetic.shots=3",
            "--set",
            "data.verification.0.source.synthetic.pairs=30",
            "--set",
            "evaluate.bootstrapSamples=50",
            "--set",
            "distill.maxSteps=1");
    assertThat(demo.exitCode()).as(demo.said()).isZero();
    summary = JsonSummary.read(folder.resolve("demo.json"));
  }

  @AfterAll
  static void forgetTheRoot() {
    if (rootBefore == null) {
      System.clearProperty(ROOT);
    } else {
      System.setProperty(ROOT, rootBefore);
    }
  }

  @Test
  void oneTeacherIsImportedAndTwoStudentsAreCompared() {
    assertThat(summary.named(false))
        .containsExactlyInAnyOrder(
            "ingest",
            "align",
            "pack",
            "teacher[teacher]",
            "prompt[teacher]",
            "distill[none#1]",
            "distill[feature-consistency#1]",
            "evaluate[teacher]",
            "evaluate[none#1]",
            "evaluate[feature-consistency#1]",
            "evaluate",
            "publish");
  }

  @Test
  void theShippedTeacherLiesInTheStoreUnderItsDigest() throws IOException {
    RecipeFile recipe = RecipeFile.read(Path.of("../infra/recipes/sample/demo.yaml"), List.of());
    String digest =
        recipe.recipe().teachers().get(0).weights().orElseThrow().sha256().orElseThrow();

    Path file = folder.resolve("store/downloads").resolve(digest);

    assertThat(Sha256.hex(Files.readAllBytes(file))).isEqualTo(digest);
  }

  @Test
  void itsLastWordsSayWhatWasShownAndWhatToTypeNext() {
    List<String> words = demo.out().lines().toList();

    int last = words.size() - 1;
    assertThat(words.get(last - 4))
        .matches(
            "shown      the student distilled by feature-consistency is [0-9.]+ points"
                + " (better|worse) than the same student trained alone \\(95 % CI .*\\)");
    assertThat(words.get(last - 3)).startsWith("next       ./infra/facet methods");
    assertThat(words.get(last - 2)).contains("./infra/facet demo --set");
    assertThat(words.get(last - 1)).startsWith("stop       ./infra/facet track stop");
    assertThat(words.get(last)).startsWith("look at    ");
  }

  @Test
  void thePageItNamesShowsTheStudents() {
    String last = demo.out().lines().reduce((one, other) -> other).orElseThrow();
    Path page = Path.of(last.substring("look at    ".length()));

    assertThat(page)
        .hasFileName("report.html")
        .content()
        .contains("feature-consistency#1", "id=\"rates\"", "id=\"errors\"")
        .doesNotContain("<img");
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.pipelines.artifact.Manifest;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.HistoryRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A teacher whose outputs are cached, and the same running live beside its students. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TeacherCacheTest {
  private static final String METHODS =
      "[feature-consistency, {cakd: {prompts: none, width: 32, heads: 2, locals: 16}}]";

  private static final String UNPUBLISHED = "publish: {enabled: false}\n";

  @TempDir Path folder;

  private JsonSummary run(String recipe) throws IOException {
    return JsonSummary.ofRun(
        folder.resolve("run.json"), TinyRecipe.write(folder, recipe), folder.resolve("store"));
  }

  private static String live(String recipe) {
    return recipe.replace("  - name: vit\n", "  - name: vit\n    cache: never\n");
  }

  private static Manifest manifest(JsonSummary summary, String instance) throws IOException {
    return Manifest.parse(
        "manifest.json", Files.readString(summary.artifact(instance).resolve("manifest.json")));
  }

  /**
   * Batches of other sizes change a teacher's last bits, by how much depends on the processor; each
   * step of training makes more of it.
   */
  @Test
  void studentsOfALiveTeacherLearnWhatThoseOfItsCacheDo() throws Exception {
    JsonSummary cached = run(TinyRecipe.withMethods(METHODS) + UNPUBLISHED);
    JsonSummary live = run(live(TinyRecipe.withMethods(METHODS) + UNPUBLISHED));

    assertThat(live.named(false)).contains("prompt[vit]", "distill[cakd#1]");
    assertThat(live.named(true)).contains("teacher[vit]", "align");
    Manifest prompt = manifest(live, "prompt[vit]");
    assertThat(prompt.table("teacher_features")).isEmpty();
    assertThat(prompt.notes().get("cache"))
        .isEqualTo("teacher 'vit' runs live in each training (cache: never)");
    assertThat(manifest(cached, "prompt[vit]").notes().get("cache"))
        .matches(
            "teacher 'vit' is cached: its outputs for \\d+ faces take at most \\d+\\.\\d MB \\(cache: auto, up to 200\\.0 GB\\)");
    for (String student : List.of("distill[feature-consistency#1]", "distill[cakd#1]")) {
      Map<String, Double> expected = losses(cached, student);
      Map<String, Double> actual = losses(live, student);
      assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(8);
      expected.forEach(
          (loss, value) -> {
            double relative = loss.endsWith("step 1") ? 1e-5 : 0.01;
            assertThat(actual.get(loss))
                .as("%s of %s", loss, student)
                .isCloseTo(value, within(relative * Math.max(1, Math.abs(value))));
          });
    }
  }

  @Test
  void aCacheOfHalfTheBytesTeachesNearlyTheSame() throws Exception {
    String recipe = TinyRecipe.withMethods(METHODS) + UNPUBLISHED;
    JsonSummary whole = run(recipe);
    JsonSummary half =
        run(recipe.replace("  - name: vit\n", "  - name: vit\n    cacheType: float16\n"));
    assertThat(half.named(false)).contains("prompt[vit]", "distill[feature-consistency#1]");
    assertThat(bytes(half)).isLessThan(0.6 * bytes(whole));
    Map<String, Double> expected = losses(whole, "distill[feature-consistency#1]");
    Map<String, Double> actual = losses(half, "distill[feature-consistency#1]");
    assertThat(actual).isNotEqualTo(expected).hasSameSizeAs(expected);
    expected.forEach(
        (loss, value) ->
            assertThat(actual.get(loss)).as(loss).isCloseTo(value, within(0.01 * Math.abs(value))));
  }

  private static double bytes(JsonSummary summary) throws IOException {
    return manifest(summary, "prompt[vit]").table("teacher_features").orElseThrow().files().stream()
        .mapToLong(Manifest.DataFile::bytes)
        .sum();
  }

  private Map<String, Double> losses(JsonSummary summary, String student) throws IOException {
    List<String> files =
        manifest(summary, student).table("history").orElseThrow().files().stream()
            .map(file -> file.in(folder.resolve("store").toString()))
            .toList();
    Map<String, Double> losses = new TreeMap<>();
    for (HistoryRow row : ParquetTable.readAll(HistoryRow.class, files)) {
      if (row.name().startsWith("loss/")) {
        losses.put(row.name() + " in step " + row.step(), row.value());
      }
    }
    return losses;
  }

  @Test
  void tunedPromptsStayFrozenInALiveTeacher() throws Exception {
    JsonSummary summary = run(live(TinyRecipe.stagedPrompts() + UNPUBLISHED));
    Manifest prompt = manifest(summary, "prompt[vit]");
    assertThat(prompt.attachment("prompts.safetensors")).isPresent();
    assertThat(prompt.table("teacher_features")).isEmpty();
    Path student = summary.artifact("distill[cakd#1]");
    assertThat(student.resolve("model.safetensors")).exists();
    assertThat(student.resolve("prompts.safetensors")).doesNotExist();
  }

  @Test
  void aPlanSaysWhatIsCachedAndHowLargeItIs() throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.withMethods(METHODS));
    CommandRun small = CommandRun.of("plan", recipe, "--store", folder.resolve("store"));
    assertThat(small.out())
        .contains(
            "teacher 'vit' is cached, 13.1 kB a face, up to 15,318,627 faces; with more it runs live in each training (cache: auto)");
    CommandRun large = plan(recipe, "auto", "webface42m");
    assertThat(large.out())
        .contains(
            "teacher 'vit' runs live in each training: its outputs for 42,474,558 faces would take up to 554.5 GB (cache: auto, up to 200.0 GB); hours and bytes here are those of a cached one");
    CommandRun refused = plan(recipe, "always", "200M");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.said())
        .contains(
            "the outputs of 'vit' cannot be cached: 200,000,000 faces would take up to 2.6 TB, and 2.0 TB is the most; set its cache: auto or never, its cacheType: float16, or choose methods that read fewer taps");
  }

  private CommandRun plan(Path recipe, String cache, String images) {
    return CommandRun.of(
        "plan",
        recipe,
        "--store",
        folder.resolve("store"),
        "--set",
        "teachers.0.cache=" + cache,
        "--estimate",
        images);
  }
}

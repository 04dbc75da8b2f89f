package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Students of two teachers, from end to end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SeveralTeachersTest {
  private static final String CONSTANT =
      "{sum: {methods: [feature-consistency, rkd], teachers: [vit, cnn]}}";
  private static final String PROMPTED =
      "{sum: {methods: [{cakd: {width: 32, heads: 2, locals: 16}}, rkd], teachers: [vit, cnn]}}";

  @TempDir Path folder;

  @Test
  void eachTeacherIsCachedOnceAndTeachesItsPart() throws Exception {
    Path recipe =
        TinyRecipe.write(folder, TinyRecipe.twoTeachers("[%s, %s]".formatted(CONSTANT, PROMPTED)));
    Path json = folder.resolve("run.json");

    CommandRun run =
        CommandRun.of(
            "run",
            recipe,
            "--store",
            folder.resolve("store"),
            "--tracking-uri",
            "none",
            "--json",
            json);

    assertThat(run.exitCode()).as(run.said()).isZero();
    JsonSummary summary = JsonSummary.read(json);
    for (String teacher : new String[] {"vit", "cnn"}) {
      Manifest prompt = manifest(summary, "prompt[%s]".formatted(teacher));
      assertThat(prompt.table("teacher_features").orElseThrow().rows()).as(teacher).isPositive();
    }
    Manifest constant = manifest(summary, "distill[sum#1]");
    assertThat(constant.notes()).containsEntry("teacher", "vit, cnn");
    assertThat(constant.metrics()).containsKeys("loss/feature-consistency/feature", "loss/total");
    assertThat(constant.parents()).containsKeys("prompt[vit]", "prompt[cnn]");
    assertThat(summary.artifact("distill[sum-2#1]").resolve("prompts.safetensors")).exists();
    assertThat(summary.artifact("distill[sum#1]").resolve("prompts.safetensors")).doesNotExist();
  }

  private static Manifest manifest(JsonSummary summary, String instance) throws Exception {
    return Manifest.parse(
        "manifest.json", Files.readString(summary.artifact(instance).resolve("manifest.json")));
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts tuned against a proxy student, then frozen. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StagedPromptTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStudentLearnsFromCachedOutputsOfTheTeacherWithTunedPrompts(boolean swin) throws Exception {
    Path recipe =
        TinyRecipe.write(
            folder, swin ? TinyRecipe.stagedSwinPrompts() : TinyRecipe.stagedPrompts());
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

    Path prompt = summary.artifact("prompt[vit]");
    Manifest manifest =
        Manifest.parse("manifest.json", Files.readString(prompt.resolve("manifest.json")));
    assertThat(manifest.attachment("prompts.safetensors")).isPresent();
    assertThat(manifest.table("history").orElseThrow().rows()).isPositive();
    assertThat(manifest.table("teacher_features").orElseThrow().rows()).isPositive();

    Path student = summary.artifact("distill[cakd#1]");
    assertThat(student.resolve("model.safetensors")).exists();
    assertThat(student.resolve("prompts.safetensors"))
        .as("the student must not tune the frozen prompts")
        .doesNotExist();
  }
}

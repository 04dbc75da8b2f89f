package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A student whose teacher is the network it starts from. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SelfDistillationTest {
  @TempDir Path folder;

  @Test
  void aStudentThatEqualsItsTeacherHasNothingToLearnAndNoMapBetweenThem() throws Exception {
    Path weights = TinyModel.write(folder, 64);
    Path json = folder.resolve("run.json");
    CommandRun run =
        CommandRun.of(
            "run",
            TinyRecipe.write(folder, TinyRecipe.ownTeacher(weights)),
            "--store",
            folder.resolve("store"),
            "--tracking-uri",
            "none",
            "--json",
            json);

    assertThat(run.exitCode()).as(run.said()).isZero();
    JsonSummary summary = JsonSummary.read(json);
    Manifest student =
        Manifest.parse(
            "manifest.json",
            Files.readString(
                summary.artifact("distill[feature-consistency#1]").resolve("manifest.json")));
    assertThat(student.metrics().get("loss/feature")).isBetween(0.0, 1e-6);
    assertThat(student.metrics()).containsKey("grad_norm").doesNotContainKey("grad_norm/adapters");
  }
}

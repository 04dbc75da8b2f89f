package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.weights.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SH-KD from end to end: student head, student-aware teacher, student; each made once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SharedHeadTest {
  private static final String PUPIL = "teacher[pupil]";
  private static final String AWARE = "teacher[aware]";

  @TempDir Path folder;

  @Test
  void aStudentLearnsFromATeacherThatWasTrainedOnAStudentsHead() throws Exception {
    JsonSummary first = run("[sh-kd]");
    assertThat(first.named(false)).contains(PUPIL, AWARE, "prompt[aware]", "distill[sh-kd#1]");
    assertThat(model(first, AWARE).classifier().orElseThrow().rows())
        .as("the frozen head")
        .isEqualTo(model(first, PUPIL).classifier().orElseThrow().rows());
    assertThat(model(first, "distill[sh-kd#1]").classifier().orElseThrow().rows())
        .as("the student's own head")
        .isNotEqualTo(model(first, PUPIL).classifier().orElseThrow().rows());

    JsonSummary second =
        run(
            "[sh-kd, {sum: {methods: [{ukd: {capacity: 16, k: 4}}, {th-kd: {studentHead: copied}}], weights: [1, 0.5]}}]");
    assertThat(second.named(true)).contains(PUPIL, AWARE, "prompt[aware]", "distill[sh-kd#1]");
    assertThat(second.named(false)).contains("distill[sum#1]");
    assertThat(model(second, "distill[sum#1]").classifier().orElseThrow().rows())
        .as("the teacher's head, copied")
        .isEqualTo(model(second, AWARE).classifier().orElseThrow().rows());
  }

  private JsonSummary run(String methods) throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.sharedHead(methods));
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
    return JsonSummary.read(json);
  }

  private static ModelFile model(JsonSummary summary, String instance) throws IOException {
    return ModelFile.read(summary.artifact(instance).resolve("model.safetensors"));
  }
}

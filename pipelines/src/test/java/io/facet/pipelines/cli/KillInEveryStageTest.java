package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole chain, killed as soon as a stage has begun, and run again with several instances side
 * by side.
 */
@Tag("soak")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KillInEveryStageTest {
  @TempDir static Path folder;
  private static Path recipe;
  private static JsonSummary undisturbed;

  @TempDir Path store;

  @BeforeAll
  static void runUndisturbed() throws IOException {
    recipe = TinyRecipe.write(folder, TinyRecipe.chain());
    undisturbed = run(folder.resolve("undisturbed"), 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ingest", "align", "pack", "teacher", "prompt", "distill", "evaluate", "publish"})
  void theSecondRunEndsAsAnUndisturbedOne(String stage) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(
            folder.resolve(stage + ".log"),
            "run",
            recipe,
            "--store",
            store,
            "--tracking-uri",
            "none")) {
      child.awaitFile(store, stage + "/*/attempt-*/lease/*.json");
      child.kill();
    }
    JsonSummary resumed = run(store, 3);
    assertThat(resumed.stage(madeLast(stage)).get("cached").asBoolean()).isFalse();
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
    assertThat(ChildProcess.files(store, "*/*/attempt-*")).hasSize(resumed.stages().size());
  }

  /** The instance of a stage that the killed process cannot have ended. */
  private static String madeLast(String stage) {
    return switch (stage) {
      case "teacher", "prompt" -> stage + "[vit]";
      case "distill" -> "distill[cakd#1]";
      default -> stage;
    };
  }

  private static JsonSummary run(Path store, int jobs) throws IOException {
    Path json = folder.resolve(store.getFileName() + ".json");
    return JsonSummary.ofRun(json, recipe, store, "--jobs", jobs);
  }
}

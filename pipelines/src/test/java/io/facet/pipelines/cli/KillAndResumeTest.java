package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.entity.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed and run again gives what an undisturbed one gives. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KillAndResumeTest {
  /** The second one: the first is whole by then. */
  private static final String CHECKPOINT = "distill/*/attempt-*/checkpoints/**4.checkpoint";

  @TempDir static Path folder;
  private static Path recipe;
  private static JsonSummary undisturbed;

  @TempDir Path store;

  @BeforeAll
  static void runUndisturbed() throws IOException {
    recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    undisturbed = runAgain(folder.resolve("undisturbed"));
  }

  @Test
  void killedInADataStage() throws Exception {
    try (ChildProcess child = start()) {
      child.awaitFile(store, "align/*/attempt-*/lease/*.json");
      child.kill();
    }
    assertThat(ChildProcess.files(store, "ingest/*/COMMITTED")).hasSize(1);
    assertThat(ChildProcess.files(store, "align/*/COMMITTED")).isEmpty();

    JsonSummary resumed = runAgain(store);
    assertThat(resumed.named(true)).containsExactly("ingest");
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
    assertThat(attempts()).hasSize(resumed.stages().size());
  }

  @Test
  void killedInTrainingAfterACheckpoint() throws Exception {
    Map<Path, FileTime> written;
    try (ChildProcess child = start()) {
      child.awaitFile(store, CHECKPOINT);
      child.kill();
      written = progress();
    }
    assertThat(ChildProcess.files(store, "distill/*/COMMITTED")).isEmpty();
    List<Path> before = attempts();

    JsonSummary resumed = runAgain(store);
    assertThat(resumed.named(true)).containsExactly("ingest", "align", "pack");
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
    assertThat(resumed.artifact("distill[none#1]")).isIn(before);
    assertThat(attempts()).hasSize(resumed.stages().size());
    Path first = written.keySet().iterator().next();
    assertThat(Files.getLastModifiedTime(first))
        .as("the first step must not have been made twice")
        .isEqualTo(written.get(first));
  }

  @Test
  void endedByASignalInTraining() throws Exception {
    int exitCode;
    try (ChildProcess child = start()) {
      child.awaitFile(store, CHECKPOINT);
      exitCode = child.terminate();
    }
    assertThat(exitCode).isNotZero();
    assertThat(JournalRuns.ended(store))
        .contains(RunStatus.KILLED)
        .doesNotContain(RunStatus.FAILED);

    JsonSummary resumed = runAgain(store);
    assertThat(resumed.named(true)).containsExactly("ingest", "align", "pack");
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
    assertThat(attempts()).hasSize(resumed.stages().size());
  }

  private ChildProcess start() throws IOException {
    return ChildProcess.start(
        folder.resolve(store.getFileName() + ".log"),
        "run",
        recipe,
        "--store",
        store,
        "--tracking-uri",
        "none",
        "--set",
        "distill.epochs=20");
  }

  private static JsonSummary runAgain(Path store) throws IOException {
    Path json = folder.resolve(store.getFileName() + ".json");
    return JsonSummary.ofRun(json, recipe, store, "--set", "distill.epochs=20");
  }

  private List<Path> attempts() throws IOException {
    return ChildProcess.files(store, "*/*/attempt-*");
  }

  /** When each progress segment of the training was written, in order of the steps. */
  private Map<Path, FileTime> progress() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    for (Path segment : ChildProcess.files(store, "distill/*/attempt-*/progress/*")) {
      times.put(segment, Files.getLastModifiedTime(segment));
    }
    return times;
  }
}

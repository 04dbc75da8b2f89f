package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the store fills up while a student is trained, and is freed again. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DiskFullTest {
  private static final String CHECKPOINT = "distill/*/attempt-*/checkpoints/**.checkpoint";

  @TempDir Path folder;

  @Test
  void theRunSaysSoAndGoesOnOnceThereIsSpace() throws Exception {
    // The property and not createTempFile: test runners set it later than Java reads it.
    Path flag = Path.of(System.getProperty("java.io.tmpdir"), "full-" + UUID.randomUUID());
    Path files = Files.createDirectory(folder.resolve("store"));
    String store = "faulty://full-while-" + flag.getFileName() + files;
    try (ChildProcess child = start("first", store)) {
      child.awaitFile(files, CHECKPOINT);
      Files.createFile(flag);
      assertThat(child.awaitEnd()).as(child.said()).isEqualTo(ExitCodes.INFRASTRUCTURE);
      assertThat(child.said())
          .contains("the disk is full; free some space or choose another --store", "to resume: ");
    } finally {
      Files.deleteIfExists(flag);
    }
    assertThat(ChildProcess.files(files, "distill/*/COMMITTED")).isEmpty();

    try (ChildProcess child = start("second", store)) {
      assertThat(child.awaitEnd()).as(child.said()).isZero();
      assertThat(child.said()).contains("goes on at step ");
    }
    JsonSummary resumed = JsonSummary.read(folder.resolve("second.json"));
    assertThat(resumed.digests()).isEqualTo(undisturbed().digests());
    assertThat(ChildProcess.files(files, "*/*/attempt-*")).hasSize(resumed.stages().size());
  }

  private ChildProcess start(String name, String store) throws Exception {
    return ChildProcess.startIn(
        folder,
        folder.resolve(name + ".log"),
        "run",
        recipe(),
        "--store",
        store,
        "--tracking-uri",
        "none",
        "--json",
        folder.resolve(name + ".json"));
  }

  private JsonSummary undisturbed() throws Exception {
    Path json = folder.resolve("undisturbed.json");
    CommandRun run =
        CommandRun.of(
            "run",
            recipe(),
            "--store",
            folder.resolve("undisturbed"),
            "--tracking-uri",
            "none",
            "--json",
            json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    return JsonSummary.read(json);
  }

  private Path recipe() throws Exception {
    return TinyRecipe.write(folder, TinyRecipe.studentAlone().replace("epochs: 1", "epochs: 10"));
  }
}

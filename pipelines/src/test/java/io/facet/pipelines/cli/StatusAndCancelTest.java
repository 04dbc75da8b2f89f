package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.tracking.entity.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run in another process is watched, cancelled, and goes on. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StatusAndCancelTest {
  private static final String CHECKPOINT = "distill/*/attempt-*/checkpoints/**.checkpoint";

  @TempDir Path folder;

  @Test
  void aRunIsFollowedCancelledAndGoesOn() throws Exception {
    Path store = folder.resolve("store");
    try (ChildProcess child = start(store)) {
      child.awaitFile(store, CHECKPOINT);
      JsonNode running = status(store);
      assertThat(running.get("state").asText()).isEqualTo("running");
      assertThat(running.get("driverGone").asBoolean()).isFalse();
      assertThat(states(running)).startsWith("done", "done", "done", "running", "waiting");
      JsonNode progress = running.get("progress").get("distill[none#1]");
      assertThat(progress.get("step").asLong()).isPositive();
      assertThat(progress.get("totalSteps").asLong()).isPositive();
      assertThat(CommandRun.of("status", "tiny", "--store", store).out())
          .contains("tiny ", "running for ", " steps, ", " images/s, loss ")
          .containsPattern("ingest +done +[0-9.]+ s");

      CommandRun cancel = CommandRun.of("cancel", "--store", store);
      assertThat(cancel.exitCode()).as(cancel.said()).isZero();
      assertThat(cancel.out())
          .contains("killed after ", "stopped", "to resume: ./infra/facet run ", store.toString());
    }
    assertThat(JournalRuns.ended(store))
        .contains(RunStatus.KILLED)
        .doesNotContain(RunStatus.FAILED);
    assertThat(CommandRun.of("cancel", "--store", store).out()).contains("killed after ");

    CommandRun again = CommandRun.of("run", recipe(), "--store", store, "--tracking-uri", "none");
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(again.err()).contains("goes on at step ");
    CommandRun finished = CommandRun.of("status", "--store", store, "--follow");
    assertThat(finished.exitCode()).isZero();
    assertThat(finished.out()).contains("finished after ");
  }

  @Test
  void aRunWhoseProcessWasKilledIsClosed() throws Exception {
    Path store = folder.resolve("store");
    try (ChildProcess child = start(store)) {
      child.awaitFile(store, "runs/*/run.json");
      child.awaitFile(store, "ingest/*/attempt-*/lease/*.json");
      // The journal writes in groups: what it had not yet kept when the process died never began.
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(JournalRuns.started(store)).isNotEmpty());
      child.kill();
    }
    CommandRun gone = CommandRun.of("status", "--store", store, "--follow");
    assertThat(gone.exitCode()).isEqualTo(ExitCodes.INFRASTRUCTURE);
    assertThat(gone.out()).contains("driver gone", "to resume: ./infra/facet run ");
    assertThat(JournalRuns.ended(store)).isEmpty();

    CommandRun cancel = CommandRun.of("cancel", "--store", store);
    assertThat(cancel.exitCode()).as(cancel.said()).isZero();
    assertThat(cancel.out()).contains("killed after ", "to resume: ./infra/facet run ");
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(JournalRuns.ended(store)).containsOnly(RunStatus.KILLED));
  }

  private ChildProcess start(Path store) throws Exception {
    return ChildProcess.start(
        folder.resolve("child.log"), "run", recipe(), "--store", store, "--tracking-uri", "none");
  }

  private Path recipe() throws Exception {
    return TinyRecipe.write(folder, TinyRecipe.studentAlone().replace("epochs: 1", "epochs: 8"));
  }

  private static JsonNode status(Path store) throws Exception {
    CommandRun run = CommandRun.of("status", "--store", store, "--json");
    assertThat(run.exitCode()).as(run.said()).isZero();
    return new JsonMapper().readTree(run.out());
  }

  private static List<String> states(JsonNode status) {
    return status.findValues("instances").get(0).findValuesAsText("state");
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that goes away during a run stops nothing and misses nothing. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class MlflowAwayTest {
  @TempDir Path folder;

  @Test
  void whatTheServerMissedIsDeliveredByTrackSync() throws Exception {
    Path store = folder.resolve("store");
    Path json = folder.resolve("run.json");
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    try (TestMlflow mlflow = TestMlflow.start(folder.resolve("mlflow"))) {
      CompletableFuture<Void> away =
          CompletableFuture.runAsync(() -> stopDuringAlign(mlflow, store));
      CommandRun run =
          CommandRun.of(
              "run", recipe, "--store", store, "--json", json, "--tracking-uri", mlflow.uri());
      away.get(1, TimeUnit.MINUTES);
      assertThat(run.exitCode()).as(run.said()).isZero();
      assertThat(run.out()).contains("not delivered").contains("facet track sync --store " + store);
      CommandRun status = CommandRun.of("track", "status", "--store", store);
      assertThat(status.out()).doesNotContain("outbox: 0 events not delivered");

      mlflow.startAgain();
      CommandRun sync =
          CommandRun.of("track", "sync", "--store", store, "--tracking-uri", mlflow.uri());
      assertThat(sync.exitCode()).as(sync.said()).isZero();
      try (MlflowApi api = mlflow.api()) {
        List<RunReader.Run> runs =
            api.reader().search(api.findExperiment("facet").orElseThrow(), "");
        assertThat(runs).extracting(RunReader.Run::status).containsOnly("FINISHED");
        assertThat(runs)
            .extracting(r -> r.name().startsWith("tiny none ") ? "tiny" : r.name())
            .containsExactlyInAnyOrder(
                "tiny",
                "ingest",
                "align",
                "pack",
                "distill",
                "none#1",
                "evaluate",
                "none#1",
                "publish");
        RunReader.Run student =
            runs.stream()
                .filter(r -> r.tags().containsValue("distill[none#1]"))
                .findFirst()
                .orElseThrow();
        assertThat(api.reader().history(student.id(), "loss/total")).hasSizeGreaterThan(1);
      }
    }
  }

  @Test
  void aServerThatIsNotThereStopsNoRun() throws Exception {
    try (DeadServer server = DeadServer.away()) {
      assertRunEndsUndelivered("http://" + server.address());
    }
  }

  @Test
  void aServerThatNeverAnswersStopsNoRun() throws Exception {
    try (DeadServer server = DeadServer.silent()) {
      assertRunEndsUndelivered("http://" + server.address());
      assertThat(server.callers()).isPositive();
    }
  }

  private void assertRunEndsUndelivered(String uri) throws IOException {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    Path store = folder.resolve("store");
    CommandRun run =
        CommandRun.of(
            "run",
            recipe,
            "--store",
            store,
            "--set",
            "tracking.uri=" + uri,
            "--runner",
            "DirectRunner");
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("not delivered")
        .contains("facet track sync --store " + store + " --tracking-uri " + uri);
  }

  private static void stopDuringAlign(TestMlflow mlflow, Path store) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !ChildProcess.files(store, "align/*/attempt-*").isEmpty());
    try {
      mlflow.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

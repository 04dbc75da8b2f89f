package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facet.pipelines.storage.s3.S3StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run whose store is on S3, killed and run again, gives what one on a local disk gives. */
@Tag("soak")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class S3ChainTest {
  private static final String STORE = "s3://" + S3StandIn.BUCKET + "/store";
  private static final Pattern CHECKPOINT =
      Pattern.compile("store/distill/.*/checkpoints/.*4\\.checkpoint");
  private static final Pattern DISTILLED = Pattern.compile("store/distill/[^/]+/COMMITTED");
  private static final Pattern ATTEMPT = Pattern.compile("store/[^/]+/[^/]+/(attempt-[^/]+)/.*");

  @TempDir private Path folder;

  @Test
  void killedInTrainingAndRunAgainOnAServerThatFailsNowAndThen() throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    JsonSummary local =
        JsonSummary.ofRun(
            folder.resolve("local.json"),
            recipe,
            folder.resolve("local"),
            "--set",
            "distill.epochs=6");
    try (S3StandIn server = S3StandIn.start()) {
      try (ChildProcess child = start(server, recipe, "killed")) {
        await()
            .atMost(Duration.ofMinutes(8))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> !keys(server, CHECKPOINT).isEmpty() || !child.isAlive());
        child.kill();
        assertThat(keys(server, CHECKPOINT)).as(child.said()).isNotEmpty();
      }
      assertThat(keys(server, DISTILLED)).isEmpty();

      server.failingNowAndThen(20);
      try (ChildProcess child = start(server, recipe, "resumed")) {
        assertThat(child.awaitEnd()).as(child.said()).isZero();
        assertThat(child.said())
            .contains("artifacts  " + STORE)
            .doesNotContain(S3StandIn.SECRET_KEY, S3StandIn.ACCESS_KEY);
      }
      JsonSummary resumed = JsonSummary.read(folder.resolve("resumed.json"));
      assertThat(resumed.named(true)).containsExactly("ingest", "align", "pack");
      assertThat(resumed.digests()).isEqualTo(local.digests());
      assertThat(server.conditionalPuts()).doesNotHaveDuplicates();
      assertThat(attempts(server)).hasSize(resumed.stages().size());
    }
    assertThat(folder.resolve(".facet")).as("outbox and runs stay here").isDirectory();
  }

  private ChildProcess start(S3StandIn server, Path recipe, String name) throws IOException {
    List<Object> words = new ArrayList<>(List.of("run", recipe, "--store", STORE));
    words.addAll(List.of("--tracking-uri", "none", "--set", "distill.epochs=6"));
    words.addAll(List.of("--json", folder.resolve(name + ".json")));
    return ChildProcess.start(
        Files.createDirectories(folder),
        folder.resolve(name + ".log"),
        server.environment(),
        words.toArray());
  }

  private static List<String> keys(S3StandIn server, Pattern pattern) {
    return server.keys().stream().filter(key -> pattern.matcher(key).matches()).toList();
  }

  private static List<String> attempts(S3StandIn server) {
    return server.keys().stream()
        .map(ATTEMPT::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .distinct()
        .toList();
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.storage.s3.S3StandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store on S3 behind a cluster, and behind nights, holds what one on a local disk holds. */
@Tag("soak")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class S3ClusterTest {
  private static final String STORE = "s3://" + S3StandIn.BUCKET + "/store";
  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  @TempDir private static Path folder;
  private static Path recipe;
  private static Map<String, String> local;

  private S3StandIn server;

  @BeforeAll
  static void runOnALocalDisk() throws IOException {
    recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    local =
        JsonSummary.ofRun(folder.resolve("local.json"), recipe, folder.resolve("local")).digests();
    System.setProperty(KEY, S3StandIn.ACCESS_KEY);
    System.setProperty(SECRET, S3StandIn.SECRET_KEY);
  }

  @AfterAll
  static void forgetTheKeys() {
    System.clearProperty(KEY);
    System.clearProperty(SECRET);
  }

  @BeforeEach
  void startServer() throws IOException {
    server = S3StandIn.start();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void submittedToTwoTaskManagers() throws Exception {
    try (FlinkForTests flink = FlinkForTests.start(folder)) {
      command("submit", recipe, "--flink-master", flink.master());
    }
    assertThat(digests()).isEqualTo(local);
  }

  @Test
  void nightAfterNight() throws Exception {
    command("nightly", recipe);
    command("nightly", recipe);
    assertThat(digests()).isEqualTo(local);
    assertThat(server.conditionalPuts()).doesNotHaveDuplicates();
  }

  private void command(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--store", STORE, "--tracking-uri", "none"));
    all.addAll(List.of("--s3-endpoint", server.endpoint(), "--s3-region", "us-east-1"));
    CommandRun run = CommandRun.of(all.toArray());
    assertThat(run.exitCode()).as(run.said()).isZero();
  }

  /** Of all stages, which the store has. */
  private Map<String, String> digests() throws IOException {
    Path json = folder.resolve("again.json");
    command("run", recipe, "--json", json);
    JsonSummary again = JsonSummary.read(json);
    assertThat(again.named(false)).isEmpty();
    return again.digests();
  }
}

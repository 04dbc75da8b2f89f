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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store on S3 behind a cluster, and behind nights, holds what one on a local disk holds. */
@Tag("soak")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class S3ClusterTest {
  private static final String STORES = "s3://" + S3StandIn.BUCKET + "/";
  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  @TempDir private static Path folder;
  private static Path recipe;
  private static S3StandIn server;
  private static Map<String, String> local;

  @BeforeAll
  static void runOnALocalDisk() throws IOException {
    server = S3StandIn.start();
    System.setProperty(KEY, S3StandIn.ACCESS_KEY);
    System.setProperty(SECRET, S3StandIn.SECRET_KEY);
    recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    local = digests(folder.resolve("local").toString());
  }

  @AfterAll
  static void stopServer() {
    System.clearProperty(KEY);
    System.clearProperty(SECRET);
    server.close();
  }

  @Test
  void submittedToTwoTaskManagers() throws Exception {
    try (FlinkForTests flink = FlinkForTests.start(folder)) {
      command("submit", recipe, "--flink-master", flink.master(), "--store", STORES + "cluster");
    }
    assertThat(digests(STORES + "cluster")).isEqualTo(local);
  }

  @Test
  void nightAfterNight() throws Exception {
    command("nightly", recipe, "--store", STORES + "nights");
    command("nightly", recipe, "--store", STORES + "nights");
    assertThat(digests(STORES + "nights")).isEqualTo(local);
    assertThat(server.conditionalPuts()).doesNotHaveDuplicates();
  }

  private static void command(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--tracking-uri", "none"));
    all.addAll(List.of("--s3-endpoint", server.endpoint(), "--s3-region", "us-east-1"));
    CommandRun run = CommandRun.of(all.toArray());
    assertThat(run.exitCode()).as(run.said()).isZero();
  }

  /** Of all stages of a store, which it makes if they are not there. */
  private static Map<String, String> digests(String store) throws IOException {
    Path json = folder.resolve("summary.json");
    command("run", recipe, "--store", store, "--json", json);
    return JsonSummary.read(json).digests();
  }
}

package io.facet.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The model of MLflow is worth nothing unless it answers as MLflow: the same schedules, with the
 * same faults, against both, request by request.
 */
class ModelAgainstServerTest {
  @TempDir static Path folder;
  private static MlflowServer server;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI uri;

  @BeforeAll
  static void startServer() throws Exception {
    server = new MlflowServer(folder.resolve("server"), System.getenv());
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ServerStatus status = server.start(OptionalInt.of(port), message -> {});
    Assumptions.assumeTrue(
        status.state() != ServerStatus.State.UNAVAILABLE, "no MLflow here: " + status.detail());
    assertThat(status.running()).as(status.detail()).isTrue();
    uri = status.uri().orElseThrow();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.stop();
  }

  @Test
  void modelAndServerAnswerThreeSchedulesAlike() throws Exception {
    compare(1, 3);
  }

  @Test
  @Tag("soak")
  void modelAndServerAnswerTwentySchedulesAlike() throws Exception {
    compare(4, 23);
  }

  private static void compare(int from, int to) throws Exception {
    for (int seed = from; seed <= to; seed++) {
      Schedule model = new Schedule(seed, store("model", seed), new FakeMlflow());
      Schedule real = new Schedule(seed, store("real", seed), ModelAgainstServerTest::forward);
      Map<String, String> modelRuns = model.live();
      Map<String, String> realRuns = real.live();
      assertThat(realRuns.keySet()).as("runs of seed %s", seed).isEqualTo(modelRuns.keySet());
      assertThat(real.network().trace())
          .as("answers of seed %s", seed)
          .isEqualTo(model.network().trace());
    }
  }

  private static Path store(String kind, int seed) throws IOException {
    return Files.createDirectory(folder.resolve(kind + "-" + seed));
  }

  private static FakeMlflow.Reply forward(
      String method, String path, Map<String, String> query, byte[] body)
      throws IOException, InterruptedException {
    String question =
        query.entrySet().stream()
            .map(
                pair ->
                    pair.getKey()
                        + "="
                        + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri + path + (query.isEmpty() ? "" : "?" + question)))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    return new FakeMlflow.Reply(reply.statusCode(), reply.body());
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;

/** A real MLflow server for a test. */
final class TestMlflow implements AutoCloseable {
  private final MlflowServer server;
  private final int port;
  private URI uri;

  private TestMlflow(MlflowServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /** Starts one; where MLflow cannot be installed, the calling test is skipped. */
  static TestMlflow start(Path folder) throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    TestMlflow mlflow = new TestMlflow(new MlflowServer(folder, System.getenv()), port);
    mlflow.startAgain();
    return mlflow;
  }

  /** Starts the server again at its address, with what it stored before. */
  void startAgain() throws InterruptedException {
    ServerStatus status = server.start(OptionalInt.of(port), message -> {});
    Assumptions.assumeTrue(
        status.state() != ServerStatus.State.UNAVAILABLE, "no MLflow here: " + status.detail());
    assertThat(status.running()).as(status.detail()).isTrue();
    uri = status.uri().orElseThrow();
  }

  URI uri() {
    return uri;
  }

  MlflowApi api() {
    return new MlflowApi(uri, Duration.ofSeconds(30), Map.of());
  }

  void stop() throws IOException {
    server.stop();
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}

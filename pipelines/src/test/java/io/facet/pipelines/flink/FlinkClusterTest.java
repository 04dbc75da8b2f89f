package io.facet.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkClusterTest {
  private static final String OVERVIEW =
      """
      {"taskmanagers":2,"slots-total":4,"slots-available":3,"flink-version":"1.19.1"}""";

  @ParameterizedTest
  @CsvSource({"2,4,2", "2,2,2", "1,4,4", "3,6,4", "1,1,1", "0,0,1"})
  void oneTaskManagerIsSparedIfTheOthersCanDoItsWork(int taskManagers, int slots, int tasks) {
    assertThat(new FlinkCluster.Overview("1.19.3", taskManagers, slots, slots).parallelism())
        .isEqualTo(tasks);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "http://localhost:8081", "[auto]", "a b:80", ""})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> FlinkCluster.at(text))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void aProgramThatIsNotFlinkIsNamed() throws IOException {
    try (Server server = new Server("<html>")) {
      assertThatThrownBy(() -> server.cluster().overview())
          .isInstanceOf(InfrastructureException.class)
          .hasMessageContaining("is another program at this port?");
    }
  }

  @Test
  void aBugFixReleaseFitsAndAnotherVersionDoesNot() throws IOException {
    try (Server server = new Server(OVERVIEW)) {
      assertThat(ClusterFit.parallelism(server.cluster(), Optional.empty(), "1.19.3")).isEqualTo(2);
      assertThatThrownBy(() -> ClusterFit.parallelism(server.cluster(), Optional.empty(), "1.20.0"))
          .isInstanceOf(InfrastructureException.class)
          .hasMessageContaining("1.19.1")
          .hasMessageContaining("1.20.0");
    }
  }

  @Test
  void moreTasksThanSlotsAreRefused() throws IOException {
    try (Server server = new Server(OVERVIEW)) {
      assertThatThrownBy(() -> ClusterFit.parallelism(server.cluster(), Optional.of(5), "1.19.3"))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("--parallelism: 5 tasks");
    }
  }

  /** Answers every request with the same words. */
  private static final class Server implements AutoCloseable {
    private final HttpServer http;

    Server(String words) throws IOException {
      byte[] body = words.getBytes(StandardCharsets.UTF_8);
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      http.start();
    }

    FlinkCluster cluster() {
      return FlinkCluster.at("localhost:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }
}

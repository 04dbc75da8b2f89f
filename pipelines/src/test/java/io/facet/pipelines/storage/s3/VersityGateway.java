package io.facet.pipelines.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real S3 server over a folder, built with Go once and kept in the cache folder. */
final class VersityGateway implements AutoCloseable {
  private static final String VERSION = "v1.8.0";
  private static final String MODULE = "github.com/versity/versitygw/cmd/versitygw@" + VERSION;

  private final Process process;
  private final int port;

  private VersityGateway(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it on a free port of this machine. */
  static VersityGateway start(Path folder, String accessKey, String secretKey) throws Exception {
    Path binary = binary();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            binary.toString(),
            "--port",
            "127.0.0.1:" + port,
            "posix",
            "--sidecar",
            Files.createDirectories(folder.resolve("attributes")).toString(),
            Files.createDirectories(folder.resolve("buckets")).toString());
    builder.environment().put("ROOT_ACCESS_KEY", accessKey);
    builder.environment().put("ROOT_SECRET_KEY", secretKey);
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("versitygw.log").toFile())
            .start();
    VersityGateway gateway = new VersityGateway(process, port);
    await().atMost(Duration.ofMinutes(1)).until(() -> gateway.answers() || !process.isAlive());
    assertThat(process.isAlive()).as(() -> "see " + folder.resolve("versitygw.log")).isTrue();
    return gateway;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Builds it unless that was done before; a test is skipped where there is no Go. */
  private static Path binary() throws Exception {
    String chosen = System.getenv().getOrDefault("FACET_CACHE", "");
    Path cache =
        chosen.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "facet")
            : Path.of(chosen);
    Path folder = cache.resolve("versitygw-" + VERSION).toAbsolutePath();
    Path binary = folder.resolve("versitygw");
    if (!Files.isExecutable(binary)) {
      Files.createDirectories(folder);
      ProcessBuilder go = new ProcessBuilder(List.of("go", "install", MODULE));
      go.environment().put("GOBIN", folder.toString());
      go.redirectErrorStream(true).redirectOutput(folder.resolve("build.log").toFile());
      Process build;
      try {
        build = go.start();
      } catch (IOException e) {
        Assumptions.abort("no Go to build the S3 server with: install Go 1.24 or newer");
        return binary;
      }
      assertThat(build.waitFor()).as(() -> "see " + folder.resolve("build.log")).isZero();
    }
    return binary;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}

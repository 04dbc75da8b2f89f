package io.facet.tracking.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.facet.tracking.mlflow.MlflowApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate was signed by an authority of its own. */
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;
  private static HttpsServer server;
  private static Path authority;

  @BeforeAll
  static void startServer() throws Exception {
    authority = folder.resolve("authority.pem");
    keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=ca", "-ext", "bc:c");
    keytool("-exportcert", "-alias", "ca", "-rfc", "-file", authority.toString());
    keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=server");
    Path request = folder.resolve("request");
    Path certificate = folder.resolve("certificate");
    keytool("-certreq", "-alias", "server", "-file", request.toString());
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-ext",
        "san=ip:127.0.0.1",
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString());
    keytool("-importcert", "-alias", "server", "-noprompt", "-file", certificate.toString());
    keytool("-delete", "-alias", "ca");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
    server.createContext(
        "/",
        exchange -> {
          byte[] reply =
              "{\"experiment\": {\"experiment_id\": \"7\"}}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, reply.length);
          exchange.getResponseBody().write(reply);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stopServer() {
    server.stop(0);
  }

  @Test
  void aPrivateAuthorityIsBelievedWhenNamed() throws Exception {
    try (MlflowApi api = api(Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", authority.toString()))) {
      assertThat(api.findExperiment("x")).contains("7");
    }
  }

  @Test
  void withoutItTheConnectionIsRefusedWithTheReason() {
    try (MlflowApi api = api(Map.of())) {
      assertThatThrownBy(() -> api.findExperiment("x"))
          .isInstanceOfSatisfying(
              MlflowFailure.class,
              failure -> assertThat(failure.kind()).isEqualTo(MlflowFailure.Kind.UNREACHABLE))
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void anybodyIsBelievedOnExplicitWord() throws Exception {
    try (MlflowApi api = api(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "true"))) {
      assertThat(api.findExperiment("x")).contains("7");
    }
  }

  @Test
  void aFileThatHoldsNoCertificateIsNamed() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong.pem"), "no certificate");
    assertThatThrownBy(
            () -> api(Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", wrong.toString())).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wrong.pem")
        .hasMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH");
  }

  private static MlflowApi api(Map<String, String> environment) {
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    return new MlflowApi(uri, Duration.ofSeconds(20), environment);
  }

  private static SSLContext serverContext() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    builder.command().addAll(List.of(arguments));
    builder
        .command()
        .addAll(
            List.of(
                "-keystore",
                folder.resolve("keys").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}

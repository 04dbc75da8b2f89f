package io.facet.tracking.mlflow;

import io.facet.tracking.rest.Credentials;
import io.facet.tracking.rest.MlflowFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at an MLflow server without changing anything there.
 *
 * @param address without user and password
 * @param version the server's
 * @param credentials whether requests carry any
 */
public record ServerProbe(String address, String version, boolean credentials) {

  /**
   * Asks for the version, then for something that needs permission.
   *
   * @param experiment where runs would go, if that is known: it must not have been deleted
   */
  public static ServerProbe of(
      URI server, Duration deadline, Map<String, String> environment, Optional<String> experiment)
      throws MlflowFailure, InterruptedException {
    Credentials credentials = new Credentials(server, environment);
    String version = version(credentials, deadline);
    try (MlflowApi api = new MlflowApi(server, deadline, environment)) {
      api.requireAccess();
      if (experiment.isPresent()) {
        api.findExperiment(experiment.get());
      }
    }
    return new ServerProbe(credentials.address(), version, credentials.header().isPresent());
  }

  private static String version(Credentials credentials, Duration deadline)
      throws MlflowFailure, InterruptedException {
    String what = "MLflow at " + credentials.address();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(credentials.address() + "/version")).timeout(deadline);
    credentials.header().ifPresent(header -> request.header("Authorization", header));
    HttpResponse<String> reply;
    try {
      reply =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(deadline)
              .build()
              .send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.TIMEOUT, what + " does not answer within " + deadline, e);
    } catch (IOException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.UNREACHABLE,
          what + ": nobody answers (" + e.getClass().getSimpleName() + ")",
          e);
    }
    if (reply.statusCode() / 100 != 2) {
      throw MlflowFailure.of(what, reply.statusCode(), reply.body(), null);
    }
    String version = reply.body().strip();
    if (!version.matches("\\d+\\.\\d+[\\w.+-]*")) {
      throw new MlflowFailure(
          MlflowFailure.Kind.TROUBLE, what + ": another program answers, not MLflow", null);
    }
    return version;
  }
}

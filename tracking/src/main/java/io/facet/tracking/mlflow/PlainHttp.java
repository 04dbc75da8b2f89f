package io.facet.tracking.mlflow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;

/** The few requests MLflow's Java client cannot make, with deadlines and the same credentials. */
final class PlainHttp {
  private final Credentials credentials;
  private final Duration deadline;
  private final HttpClient http;

  PlainHttp(Credentials credentials, Duration deadline) {
    this.credentials = credentials;
    this.deadline = deadline;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(deadline)
            .build();
  }

  /**
   * Sends a request.
   *
   * @param what begins the message of a failure
   * @param path begins with a slash and is already escaped
   * @param more time on top of the deadline, for large bodies
   */
  void send(
      String what,
      String method,
      String path,
      String contentType,
      HttpRequest.BodyPublisher body,
      Duration more)
      throws MlflowFailure, InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(credentials.address() + path))
              .timeout(deadline.plus(more))
              .header("Content-Type", contentType)
              .method(method, body);
      credentials.header().ifPresent(header -> request.header("Authorization", header));
      HttpResponse<String> reply =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (reply.statusCode() / 100 != 2) {
        throw MlflowFailure.of(what, reply.statusCode(), reply.body(), null);
      }
    } catch (HttpTimeoutException e) {
      throw new MlflowFailure(MlflowFailure.Kind.TIMEOUT, what + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.REFUSED, what + ": its content is no longer in the outbox", e);
    } catch (IOException e) {
      throw new MlflowFailure(MlflowFailure.Kind.UNREACHABLE, what + ": " + e, e);
    }
  }
}

package io.facet.tracking.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests over HTTP with a deadline for the whole exchange: connecting, headers and body. MLflow's
 * own Java client has none, starts Python for artifacts and knows no private authorities, so it is
 * not used.
 */
public final class HttpRest implements Rest {
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final Credentials credentials;
  private final Duration deadline;
  private final HttpClient http;

  /** Nothing is asked yet; a bad certificate file is named here. */
  public HttpRest(Credentials credentials, Duration deadline) {
    this.credentials = credentials;
    this.deadline = deadline;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(deadline);
    Tls.context(credentials.environment()).ifPresent(builder::sslContext);
    http = builder.build();
  }

  @Override
  public byte[] fetch(Request request) throws MlflowFailure, InterruptedException {
    String what = request.what();
    CompletableFuture<HttpResponse<byte[]>> exchange;
    Duration longest = deadline;
    try {
      if (request.file().isPresent()) {
        long bytes = Files.size(request.file().get());
        longest = deadline.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
      }
      exchange = http.sendAsync(message(request), HttpResponse.BodyHandlers.ofByteArray());
    } catch (NoSuchFileException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.REFUSED, what + ": its content is no longer in the outbox", e);
    } catch (IOException | UncheckedIOException e) {
      throw new MlflowFailure(MlflowFailure.Kind.TROUBLE, what + ": " + e.getMessage(), e);
    }
    try {
      HttpResponse<byte[]> reply = exchange.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      if (reply.statusCode() / 100 != 2) {
        String said = new String(reply.body(), StandardCharsets.UTF_8);
        throw MlflowFailure.of(what, reply.statusCode(), said, retryAfter(reply));
      }
      return reply.body();
    } catch (TimeoutException e) {
      throw timeout(what, longest, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpTimeoutException) {
        throw timeout(what, longest, e);
      }
      throw new MlflowFailure(
          MlflowFailure.Kind.UNREACHABLE, what + ": " + words(e.getCause()), e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  private HttpRequest message(Request request) throws IOException {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(request.json());
    String type = "application/json";
    if (request.file().isPresent()) {
      body = HttpRequest.BodyPublishers.ofFile(request.file().get());
      type = "application/octet-stream";
    } else if (request.json().isEmpty()) {
      body = HttpRequest.BodyPublishers.noBody();
    }
    HttpRequest.Builder message =
        HttpRequest.newBuilder(URI.create(credentials.address() + request.path()))
            .header("Content-Type", type)
            .method(request.method(), body);
    credentials.header().ifPresent(header -> message.header("Authorization", header));
    return message.build();
  }

  /** {@code Retry-After} in seconds; its other form, a date, is passed over. */
  private static Duration retryAfter(HttpResponse<?> reply) {
    String seconds = reply.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }

  private static MlflowFailure timeout(String what, Duration longest, Exception cause) {
    return new MlflowFailure(
        MlflowFailure.Kind.TIMEOUT,
        what + ": no answer within " + longest.toMillis() + " ms",
        cause);
  }

  /** The innermost reason that has words. */
  private static String words(Throwable failure) {
    String words = failure instanceof ConnectException ? "connection refused" : failure.toString();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        words = "unknown host";
      } else if (at.getMessage() != null) {
        words = at.getMessage();
      }
    }
    return words;
  }

  /** The client's connections end by themselves when nobody holds it any more. */
  @Override
  public void close() {}
}

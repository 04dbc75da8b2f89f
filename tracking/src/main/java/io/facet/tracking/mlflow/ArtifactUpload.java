package io.facet.tracking.mlflow;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Uploads artifacts through the server's own artifact service. MLflow's Java client would start
 * Python for that, so this speaks HTTP itself; repeating an upload replaces the same content.
 */
final class ArtifactUpload {
  private static final String SCHEME = "mlflow-artifacts:";
  private static final String SERVICE = "/api/2.0/mlflow-artifacts/artifacts";
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final PlainHttp http;

  ArtifactUpload(PlainHttp http) {
    this.http = http;
  }

  /** Uploads {@code content} to {@code path} below the run's artifact address. */
  void put(String artifactUri, String path, Path content)
      throws MlflowFailure, InterruptedException {
    String what = "artifact " + path;
    if (!artifactUri.startsWith(SCHEME)) {
      throw new MlflowFailure(
          MlflowFailure.Kind.REFUSED,
          what
              + ": the server keeps artifacts at "
              + artifactUri
              + "; start it with --artifacts-destination so that it takes them itself",
          null);
    }
    try {
      http.send(
          what,
          "PUT",
          escaped(artifactUri, path),
          "application/octet-stream",
          HttpRequest.BodyPublishers.ofFile(content),
          Duration.ofSeconds(Files.size(content) / SLOWEST_BYTES_PER_SECOND));
    } catch (IOException e) {
      throw missing(what, e);
    } catch (URISyntaxException e) {
      throw new MlflowFailure(MlflowFailure.Kind.REFUSED, what + ": " + e.getMessage(), e);
    }
  }

  private static MlflowFailure missing(String what, IOException e) {
    return new MlflowFailure(
        MlflowFailure.Kind.REFUSED, what + ": its content is no longer in the outbox", e);
  }

  private static String escaped(String artifactUri, String path) throws URISyntaxException {
    String below = artifactUri.substring(SCHEME.length());
    if (below.startsWith("//")) {
      below = below.substring(Math.max(2, below.indexOf('/', 2)));
    }
    String place = below.replaceAll("^/+|/+$", "") + "/" + path;
    return SERVICE + new URI(null, null, "/" + place, null).getRawPath();
  }
}

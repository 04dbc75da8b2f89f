package io.facet.tracking.mlflow;

import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files of runs, through the server's own artifact service; repeating an upload replaces the same
 * content.
 */
final class ArtifactService {
  private static final String SCHEME = "mlflow-artifacts:";
  private static final String SERVICE = "/api/2.0/mlflow-artifacts/artifacts";

  private final Rest rest;

  ArtifactService(Rest rest) {
    this.rest = rest;
  }

  /** Uploads {@code content} to {@code path} below the run's artifact address. */
  void put(String artifactUri, String path, Path content)
      throws MlflowFailure, InterruptedException {
    String what = "artifact " + path;
    rest.send(
        new Rest.Request(what, "PUT", address(what, artifactUri, path), "", Optional.of(content)));
  }

  /** The content at {@code path} below the run's artifact address. */
  byte[] get(String artifactUri, String path) throws MlflowFailure, InterruptedException {
    String what = "artifact " + path;
    return rest.fetch(
        new Rest.Request(what, "GET", address(what, artifactUri, path), "", Optional.empty()));
  }

  private static String address(String what, String artifactUri, String path) throws MlflowFailure {
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
      return escaped(artifactUri, path);
    } catch (URISyntaxException e) {
      throw new MlflowFailure(MlflowFailure.Kind.REFUSED, what + ": " + e.getMessage(), e);
    }
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

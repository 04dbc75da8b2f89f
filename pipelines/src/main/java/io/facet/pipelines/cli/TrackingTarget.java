package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.recipe.Recipe;
import io.facet.tracking.TrackingOptions;
import io.facet.tracking.server.MlflowServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which MLflow server a run reports to. */
record TrackingTarget(TrackingOptions options) {
  /** How long a finished run waits for the server to take the rest. */
  static final Duration DRAIN = Duration.ofSeconds(20);

  /** The same after a signal. */
  static final Duration DRAIN_ON_SIGNAL = Duration.ofSeconds(3);

  /** The command line, then the recipe, then the environment, then the store's own server. */
  static TrackingTarget of(RunOptions options, Recipe recipe) {
    return of(options.trackingUri().or(() -> recipe.tracking().uri()), options.store());
  }

  static TrackingTarget of(Optional<String> asked, Path store) {
    Optional<String> uri =
        asked
            .or(() -> Optional.ofNullable(System.getenv("MLFLOW_TRACKING_URI")))
            .filter(text -> !text.isBlank());
    if (uri.isPresent()) {
      return uri.get().equals("none")
          ? new TrackingTarget(TrackingOptions.local())
          : new TrackingTarget(TrackingOptions.to(parse(uri.get())));
    }
    return new MlflowServer(store, System.getenv())
        .status()
        .uri()
        .map(server -> new TrackingTarget(TrackingOptions.to(server)))
        .orElseGet(() -> new TrackingTarget(TrackingOptions.local()));
  }

  private static URI parse(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getScheme() != null && uri.getScheme().matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new RecipeException("--tracking-uri: '%s' is no address".formatted(text), e);
    }
    throw new RecipeException(
        "--tracking-uri: '%s' must begin with http:// or https://, or be 'none'".formatted(text));
  }
}

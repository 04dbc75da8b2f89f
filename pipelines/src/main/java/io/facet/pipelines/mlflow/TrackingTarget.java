package io.facet.pipelines.mlflow;

import io.facet.models.RecipeException;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.recipe.Recipe;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.tracking.server.MlflowServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which MLflow server a run reports to.
 *
 * @param options how
 * @param named its address if somebody named one; the user's server is found without
 */
public record TrackingTarget(TrackingOptions options, Optional<String> named) {
  /** How long a finished run waits for the server to take the rest. */
  public static final Duration DRAIN = Duration.ofSeconds(20);

  /** The same after a signal. */
  public static final Duration DRAIN_ON_SIGNAL = Duration.ofSeconds(3);

  /** The command line, then the recipe, then the environment, then the user's server. */
  public static TrackingTarget of(Optional<String> asked, Recipe recipe, Path store) {
    return of(asked.or(() -> recipe.tracking().uri()), store);
  }

  public static TrackingTarget of(Optional<String> asked, Path store) {
    Optional<String> uri =
        asked
            .or(() -> Optional.ofNullable(System.getenv("MLFLOW_TRACKING_URI")))
            .filter(text -> !text.isBlank());
    if (uri.isPresent()) {
      return uri.get().equals("none")
          ? local()
          : new TrackingTarget(TrackingOptions.to(parse(uri.get())), uri);
    }
    return MlflowServer.of(store, System.getenv())
        .status()
        .uri()
        .map(server -> new TrackingTarget(TrackingOptions.to(server), Optional.empty()))
        .orElseGet(TrackingTarget::local);
  }

  private static TrackingTarget local() {
    return new TrackingTarget(TrackingOptions.local(), Optional.empty());
  }

  /**
   * What MLflow got, for people, and the command that delivers the rest. Without a known server it
   * takes the user's: {@code facet track serve} comes first.
   */
  public String told(TrackingStatus status, Path store) {
    if (status.delivered()) {
      return status.describe();
    }
    List<String> sync = new ArrayList<>(List.of("track", "sync", "--store", store.toString()));
    named.ifPresent(uri -> sync.addAll(List.of("--tracking-uri", Redaction.text(uri))));
    return status.describe()
        + System.lineSeparator()
        + "kept here; to deliver: "
        + ResumeCommand.text("./infra/facet", sync);
  }

  private static URI parse(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getScheme() != null && uri.getScheme().matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new RecipeException("--tracking-uri: '%s' is not an address".formatted(text), e);
    }
    throw new RecipeException(
        "--tracking-uri: '%s' must begin with http:// or https://, or be 'none'".formatted(text));
  }
}

package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;
import io.facet.tracking.mlflow.ServerProbe;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.TrackingOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The MLflow server a run would report to: reachable, of a version that fits, and open to us.
 *
 * @param target where a run would report to
 * @param experiment the recipe's, if there is a recipe
 */
public record MlflowCheck(Supplier<TrackingOptions> target, Optional<String> experiment)
    implements Check {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int OLDEST_MAJOR = 2;

  @Override
  public String name() {
    return "mlflow";
  }

  @Override
  public String look() throws InterruptedException {
    TrackingOptions tracking = target.get();
    if (tracking.server().isEmpty()) {
      return "no server: events stay in the store until './infra/facet track serve' starts one";
    }
    try {
      ServerProbe found =
          ServerProbe.of(tracking.server().get(), DEADLINE, tracking.environment(), experiment);
      if (Integer.parseInt(found.version().replaceFirst("\\..*", "")) < OLDEST_MAJOR) {
        throw new InfrastructureException(
            "MLflow %s at %s is older than 2.0".formatted(found.version(), found.address()));
      }
      return "%s at %s, %s"
          .formatted(
              found.version(),
              found.address(),
              found.credentials() ? "our credentials are accepted" : "open without credentials");
    } catch (MlflowFailure e) {
      throw new InfrastructureException(e.getMessage(), e);
    }
  }

  @Override
  public String cure() {
    return "start one with './infra/facet track serve', correct --tracking-uri or the"
        + " MLFLOW_TRACKING_... variables, or track into the store with --tracking-uri none";
  }
}

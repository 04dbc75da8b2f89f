package io.facet.pipelines.cli;

import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.registry.ModelReference;
import io.facet.pipelines.registry.ModelRegistry;
import io.facet.pipelines.registry.RegisteredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Option;

/** The registry of what is named {@code models:/...} in the place of a file. */
final class RegistryOption {
  @Option(
      names = "--tracking-uri",
      paramLabel = "URI",
      description =
          "MLflow server of models:/...; default: MLFLOW_TRACKING_URI, or the server of 'facet track"
              + " serve' if it runs.")
  private String trackingUri;

  /** The registered model that a text means, fetched; empty if it means a file. */
  Optional<RegisteredModel> find(String text) throws IOException {
    if (!ModelReference.is(text)) {
      return Optional.empty();
    }
    ModelReference reference = ModelReference.parse(text);
    TrackingTarget target =
        TrackingTarget.of(Optional.ofNullable(trackingUri), Path.of(StoreOption.USUAL));
    try {
      return Optional.of(ModelRegistry.resolve(target.options(), reference));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static CancellationException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    CancellationException cancelled = new CancellationException("interrupted");
    cancelled.initCause(cause);
    return cancelled;
  }
}

package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.mlflow.ChampionMirror;
import io.facet.pipelines.mlflow.TrackingTarget;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which registered model of which store a command is about, and where MLflow is. */
final class ModelOptions {
  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "Name in the registry; may be left out if the store has one model only.")
  private String model;

  @Mixin private StoreOption store;

  @Option(
      names = "--tracking-uri",
      paramLabel = "URI",
      description =
          "MLflow server; 'none' keeps tracking in the store. Default: MLFLOW_TRACKING_URI, or the"
              + " server of 'facet track serve' if it runs.")
  private String trackingUri;

  Path store() {
    return store.folder();
  }

  Optional<String> trackingUri() {
    return Optional.ofNullable(trackingUri);
  }

  ChampionMirror mirror() {
    return new ChampionMirror(TrackingTarget.of(trackingUri(), store()), store(), "facet");
  }

  /**
   * The model's name.
   *
   * @throws RecipeException naming the models there are
   */
  String model(ArtifactStore opened) {
    SortedSet<String> known = Champions.models(opened);
    if (model != null && known.contains(model)) {
      return model;
    }
    if (model == null && known.size() == 1) {
      return known.first();
    }
    throw new RecipeException(
        known.isEmpty()
            ? "%s has no published model; run a recipe first".formatted(opened.root())
            : "%s: say which MODEL: %s"
                .formatted(
                    model == null ? "several models" : "no model '" + model + "'",
                    String.join(", ", known)));
  }
}

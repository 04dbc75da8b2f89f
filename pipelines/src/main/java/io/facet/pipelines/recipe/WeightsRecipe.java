package io.facet.pipelines.recipe;

import io.facet.models.face.PreprocessingOptions;
import io.facet.models.option.Description;
import io.facet.models.weights.WeightNaming;
import java.util.Optional;

/** A weights file somebody else made, and the preprocessing it was trained with. */
public record WeightsRecipe(
    @Description(
            value =
                "The file, relative to data.root, an http(s) URL, or shipped:FILE for weights that"
                    + " come with Facet (both with sha256); or models:/NAME@ALIAS or"
                    + " models:/NAME/VERSION of MLflow's registry.",
            affectsResult = false)
        String path,
    @Description(
            value = "SHA-256 of the file, 64 hexadecimal digits; checked before use.",
            defaultValue = Description.ABSENT)
        Optional<String> sha256,
    @Description(
            value = "How the file names its tensors; other people's networks need it.",
            defaultValue = "facet")
        WeightNaming naming,
    @Description(
            value = "What the file's network expects as input; our own files say it themselves.",
            defaultValue = "{}")
        PreprocessingOptions input) {

  private static final String REGISTERED = "models:";

  /** Whether the file is one of this machine, neither downloaded, shipped nor registered. */
  public boolean local() {
    return !ShippedWeights.names(path) && !path.matches("https?://.*") && !registered();
  }

  /** Whether the path names a model of MLflow's registry. */
  public boolean registered() {
    return path.startsWith(REGISTERED);
  }
}

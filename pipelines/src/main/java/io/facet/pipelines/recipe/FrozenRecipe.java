package io.facet.pipelines.recipe;

import io.facet.models.face.PreprocessingOptions;
import io.facet.models.option.Description;
import io.facet.models.weights.WeightNaming;
import java.util.Optional;

/** A finished program that turns images into embeddings. */
public record FrozenRecipe(
    @Description(
            value =
                "The file, relative to data.root, or an http(s) URL (then with sha256); or"
                    + " models:/NAME@ALIAS or models:/NAME/VERSION of MLflow's registry.",
            affectsResult = false)
        String path,
    @Description(
            value = "SHA-256 of the file, 64 hexadecimal digits; checked before use.",
            defaultValue = Description.ABSENT)
        Optional<String> sha256,
    @Description(
            value = "Width of its embeddings; checked when it is imported.",
            range = "[1, 65536]",
            defaultValue = "512")
        int embedding,
    @Description(
            value =
                "What it expects as input; absent: what the file says, as ours do, else RGB of"
                    + " 112x112 pixels scaled to -1..1.",
            defaultValue = Description.ABSENT)
        Optional<PreprocessingOptions> input,
    @Description(
            value = "Output of an ONNX file that gives the embeddings, where several may.",
            defaultValue = Description.ABSENT)
        Optional<String> output) {

  /** The file alone. */
  public WeightsRecipe file() {
    return new WeightsRecipe(
        path, sha256, WeightNaming.FACET, input.orElse(PreprocessingOptions.STANDARD));
  }
}

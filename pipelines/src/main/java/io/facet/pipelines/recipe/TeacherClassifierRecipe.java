package io.facet.pipelines.recipe;

import io.facet.models.face.PreprocessingOptions;
import io.facet.models.option.Description;
import io.facet.models.weights.WeightNaming;
import java.util.Optional;

/** Class weights that somebody else trained with a teacher, and the people they are of. */
public record TeacherClassifierRecipe(
    @Description(
            value =
                "File of the class weights, (C, d) or (d, C): of torch.save (such as softmax_fc.pth),"
                    + " safetensors or .npy; relative to data.root, or an http(s) URL (then with"
                    + " sha256).",
            affectsResult = false)
        String path,
    @Description(
            value = "SHA-256 of the file, 64 hexadecimal digits; checked before use.",
            defaultValue = Description.ABSENT)
        Optional<String> sha256,
    @Description(
            value = "Name of the matrix in the file; absent: the only one that fits.",
            defaultValue = Description.ABSENT)
        Optional<String> tensor,
    @Description(
            value =
                "Text file of the identities' names, one a line in the order of the classes, relative"
                    + " to data.root. Rows of people who are not trained on are left out.",
            affectsResult = false)
        String names,
    @Description(
            value =
                "Namespace of the names, as that of a source of data.train; empty: the names are"
                    + " written with it.",
            defaultValue = "''")
        String namespace) {

  /** The file of class weights alone. */
  public WeightsRecipe file() {
    return new WeightsRecipe(path, sha256, WeightNaming.FACET, PreprocessingOptions.STANDARD);
  }
}

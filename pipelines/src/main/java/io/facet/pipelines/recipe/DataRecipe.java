package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.transforms.source.FaceSource;
import java.nio.file.Path;
import java.util.List;

/** The {@code data} section: sources of faces and pairs. */
public record DataRecipe(
    @Description(
            value =
                "Folder that relative paths of the recipe start from; itself relative to the"
                    + " working directory.",
            defaultValue = ".",
            affectsResult = false)
        String root,
    @Description(value = "Sources of labelled training faces.", defaultValue = "[]")
        List<Selected<FaceSource<?>>> train,
    @Description(
            value = "The part of the training identities kept for validation.",
            defaultValue = "{}")
        ValidationRecipe validation,
    @Description("Named sets of pairs that models are measured on.")
        List<VerificationRecipe> verification,
    @Description(
            value = "Pictures or identities in training and verification alike: refuse or report.",
            defaultValue = "refuse")
        Overlap overlap,
    @Description(
            value = "A stage fails when a larger share of its pictures is rejected.",
            range = "[0, 1]",
            defaultValue = "0.5")
        double maximumRejectShare) {

  /** What to do with pictures or identities in training and verification alike. */
  public enum Overlap {
    REFUSE,
    REPORT
  }

  /** Identities chosen by a hash of seed and identity. */
  public record ValidationRecipe(
      @Description(
              value = "Share of the training identities kept out of training for validation.",
              range = "[0, 0.9]",
              defaultValue = "0.1")
          double share,
      @Description(
              value = "Most pairs drawn for validation.",
              range = "[10, 1000000]",
              defaultValue = "2000")
          int pairs) {}

  /** One named set of pairs. */
  public record VerificationRecipe(
      @Description("Name of the set: letters, digits, '.', '_' and '-'.") String name,
      @Description("Where its pairs and pictures come from.") Selected<FaceSource<?>> source) {}

  /** The root as an absolute path. */
  public Path rootFolder() {
    return Path.of(root).toAbsolutePath().normalize();
  }

  /** A path of the recipe as an absolute path. */
  public Path resolve(String path) {
    return rootFolder().resolve(path).normalize();
  }
}

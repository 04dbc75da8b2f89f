package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The {@code data} section: sources of faces and pairs. */
public record DataRecipe(
    @Description(
            value =
                "Folder that relative paths of the recipe start from, itself relative to the working"
                    + " directory; or s3://BUCKET/FOLDER, hdfs://HOST:PORT/FOLDER.",
            defaultValue = ".",
            affectsResult = false)
        String root,
    @Description(value = "Sources of training faces, labelled or not.", defaultValue = "[]")
        List<Selected<FaceSource<?>>> train,
    @Description(
            value = "What students are validated on: never a verification set.",
            defaultValue = "{}")
        ValidationRecipe validation,
    @Description("Named sets of pairs that models are measured on.")
        List<VerificationRecipe> verification,
    @Description(
            value = "Images or identities in training and verification alike: refuse or report.",
            defaultValue = "refuse")
        Overlap overlap,
    @Description(
            value = "A stage fails when a larger share of its images is rejected.",
            range = "[0, 1]",
            defaultValue = "0.5")
        double maximumRejectShare) {

  /** What to do with images or identities in training and verification alike. */
  public enum Overlap {
    REFUSE,
    REPORT
  }

  /** Training identities chosen by a hash of seed and identity, or pairs of their own. */
  public record ValidationRecipe(
      @Description(
              value =
                  "Share of the training identities kept out of training for validation; not used"
                      + " beside a source.",
              range = "[0, 0.9]",
              defaultValue = "0.1")
          double share,
      @Description(
              value = "Most pairs drawn for validation.",
              range = "[10, 1000000]",
              defaultValue = "2000")
          int pairs,
      @Description(
              value =
                  "Pairs of their own to validate on, for training faces without identities; neither"
                      + " training nor a verification set may hold their images or people.",
              defaultValue = Description.ABSENT)
          Optional<Selected<FaceSource<?>>> source) {

    /** Share of the training identities kept out of training. */
    public double heldOut() {
      return source.isPresent() ? 0 : share;
    }
  }

  /** One named set of pairs. */
  public record VerificationRecipe(
      @Description("Name of the set: letters, digits, '.', '_' and '-'.") String name,
      @Description("Where its pairs and images come from.") Selected<FaceSource<?>> source) {}

  /** Names of the verification sets that compare images, and not templates. */
  public List<String> pairSets() {
    return verification.stream()
        .filter(set -> !set.source().extension().givesTemplates())
        .map(VerificationRecipe::name)
        .toList();
  }

  /** Whether a verification set compares templates. */
  public boolean hasTemplates() {
    return pairSets().size() < verification.size();
  }

  /** The root as an absolute path, or as the URI it is. */
  public String rootPlace() {
    return isUri(root)
        ? root.replaceFirst("/+$", "")
        : Path.of(root).toAbsolutePath().normalize().toString();
  }

  /** A path of the recipe as an absolute path, or as a URI if it or the root is one. */
  public String resolve(String path) {
    String place = Locations.resolve(rootPlace(), path);
    return isUri(place) ? place : Path.of(place).normalize().toString();
  }

  private static boolean isUri(String place) {
    return place.contains("://");
  }
}

package io.facet.models.distill.part;

import io.facet.models.option.Description;
import java.util.Optional;

/** The trained linear map from the student's embedding to the teacher's, dropped at inference. */
public record AdapterOptions(
    @Description(
            value = "when there is a map: different-widths, always, or never",
            defaultValue = "different-widths")
        Use use,
    @Description(
            value =
                "regression: least squares over a sample of faces, the student's first embeddings"
                    + " against the teacher's; random. Absent: regression for a student that starts"
                    + " from weights, else random",
            defaultValue = Description.ABSENT,
            source = "reconstructed")
        Optional<Start> start) {

  /** A map where the widths differ. */
  public static final AdapterOptions DEFAULT =
      new AdapterOptions(Use.DIFFERENT_WIDTHS, Optional.empty());

  /** When there is a map. */
  public enum Use {
    /** Where student and teacher embeddings differ in width. */
    DIFFERENT_WIDTHS,
    /** Also between equal widths: two networks seldom share a basis. */
    ALWAYS,
    /** Embeddings are compared as they are. */
    NEVER
  }

  /** First values of the map. */
  public enum Start {
    REGRESSION,
    RANDOM
  }

  /** Whether embeddings are compared as they are, whatever their widths. */
  public boolean absent() {
    return use == Use.NEVER;
  }

  /** Whether the map of a student starts from a regression. */
  boolean regresses(boolean warmStudent) {
    return start.map(Start.REGRESSION::equals).orElse(warmStudent);
  }
}

package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.evaluate.OwnEvaluation;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** The similarity from which two faces are one person: given, or from the model's evaluation. */
final class ThresholdOptions {
  private static final double USUAL_RATE = 1e-3;

  @Option(
      names = "--far",
      paramLabel = "RATE",
      description = "Share of different people who may be taken for one person (default: 0.001).")
  private Double rate;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description =
          "Verification set of the evaluation that the threshold is taken from; default: the one"
              + " with the most pairs of different people.")
  private String set;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description = "Threshold in the place of the evaluation's.")
  private Double threshold;

  /**
   * A threshold, if there is one.
   *
   * @param cosine of two embeddings
   * @param words what it is and where it comes from, or why there is none
   */
  record Chosen(OptionalDouble cosine, String words) {}

  /** Refuses values that no threshold can have. */
  void check() {
    if (rate != null && !(rate > 0 && rate < 1)) {
      throw new RecipeException("--far: must lie above 0 and below 1, is " + rate);
    }
    if (threshold != null && (rate != null || set != null)) {
      throw new RecipeException(
          "%s: says where the evaluation's threshold comes from, --threshold stands in its place;"
                  .formatted(rate != null ? "--far" : "--set")
              + " leave one of them out");
    }
    if (threshold != null && !(Math.abs(threshold) <= 1)) {
      throw new RecipeException("--threshold: a cosine lies in -1..1, is " + threshold);
    }
  }

  /**
   * The threshold for a model.
   *
   * @throws RecipeException if its evaluation has no such set, or none for the rate asked for
   */
  Chosen of(ModelFileOptions model) throws IOException {
    if (threshold != null) {
      return new Chosen(OptionalDouble.of(threshold), "the threshold is " + threshold);
    }
    Optional<OwnEvaluation> evaluation = model.evaluation();
    if (evaluation.isEmpty()) {
      return none("%s; give --threshold".formatted(model.unmeasured()));
    }
    try {
      OwnEvaluation.Threshold own =
          evaluation.get().threshold(Optional.ofNullable(set), rate == null ? USUAL_RATE : rate);
      return new Chosen(
          OptionalDouble.of(own.cosine()),
          String.format(
              Locale.ROOT,
              "the threshold is %.4f, at a false accept rate of %s on %s (%d different pairs)",
              own.cosine(),
              own.rate(),
              own.set(),
              own.differentPairs()));
    } catch (RecipeException e) {
      if (rate != null || set != null) {
        throw e;
      }
      return none(e.getMessage());
    }
  }

  private static Chosen none(String why) {
    return new Chosen(OptionalDouble.empty(), "no verdict: " + why);
  }
}

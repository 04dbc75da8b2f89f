package io.facet.transforms.score;

import io.facet.models.option.Description;
import io.facet.models.protocol.IjbTemplates;
import io.facet.models.protocol.TarAtFar;
import java.io.Serializable;
import java.util.List;

/**
 * How sets of templates are measured; the defaults are those of published IJB-B and IJB-C figures.
 *
 * @param keepNorm see {@link IjbTemplates.Options}
 * @param detectorScore likewise
 * @param rule how true accept rates are read
 * @param falseAcceptRates where
 * @param ranks of identification
 * @param falsePositiveRates of identification
 */
public record TemplateOptions(
    @Description(
            value =
                "Embeddings enter a template with their length (N1 in the names of InsightFace's"
                    + " eval_ijbc, N0 in those of its ijb_evals), not as unit vectors.",
            defaultValue = "true",
            source = "InsightFace, eval_ijbc.py")
        boolean keepNorm,
    @Description(
            value = "Embeddings are multiplied by the detector score of the list (D1, else D0).",
            defaultValue = "true",
            source = "InsightFace, eval_ijbc.py")
        boolean detectorScore,
    @Description(
            value =
                "Where on the curve a true accept rate is read: at the bend nearest to the false"
                    + " accept rate, as published figures are, or strictly, at the highest point that"
                    + " does not exceed it.",
            defaultValue = "nearest",
            source = "InsightFace, eval_ijbc.py")
        TarAtFar.Rule rule,
    @Description(
            value = "False accept rates that true accept rates are given for.",
            range = "(0, 1)",
            defaultValue = "[1.0e-6, 1.0e-5, 1.0e-4, 0.001, 0.01, 0.1]")
        List<Double> falseAcceptRates,
    @Description(
            value = "Ranks that identification rates are given for, where the set has galleries.",
            range = "[1, 1000000]",
            defaultValue = "[1, 5, 10]")
        List<Integer> ranks,
    @Description(
            value =
                "False positive identification rates that true positive identification rates are"
                    + " given for.",
            range = "(0, 1)",
            defaultValue = "[0.01, 0.1]")
        List<Double> falsePositiveRates)
    implements Serializable {

  /** How faces enter a template. */
  public IjbTemplates.Options features() {
    return new IjbTemplates.Options(keepNorm, detectorScore);
  }
}

package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;

/**
 * {@code softmax}: no margin. Class weights count by their direction, as in every head here; there
 * is not a bias.
 */
@AutoService(MarginHead.class)
@Named(
    key = "softmax",
    version = 1,
    summary = "Softmax without margin, on scaled cosines or linear in the embedding",
    source =
        "Wang et al. 2017, NormFace, arXiv 1704.06369; Liu et al. 2017, SphereFace's modified"
            + " softmax")
public final class PlainSoftmax implements MarginHead<PlainSoftmax.Options> {
  /** What a logit is. */
  public enum Logits {
    /** scale cos(angle). */
    COSINE,
    /** Length of the embedding times cos(angle): linear in the raw embedding. */
    LINEAR
  }

  /** Options of the head. */
  public record Options(
      @Description(
              value =
                  "cosine: scale cos(angle); linear: length of the raw embedding times cos(angle)",
              defaultValue = "cosine",
              source = "cosine: Wang et al. 2017, NormFace; linear: Liu et al. 2017, SphereFace")
          Logits logits,
      @Description(
              value = "factor on all logits in the cosine form; the linear form has none",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "arcface_torch")
          double scale) {}

  @Override
  public HeadSession open(Options options) {
    return HeadSession.stateless(inputs -> logits(inputs, options));
  }

  private static NDArray logits(HeadInputs inputs, Options options) {
    return options.logits() == Logits.COSINE
        ? inputs.cosines().mul(options.scale())
        : inputs.cosines().mul(inputs.lengths().expandDims(1));
  }
}

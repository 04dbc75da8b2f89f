package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;

/**
 * {@code combined-margin}: target logit = scale (cos(factor angle + margin) - cosine margin),
 * others = scale cos(angle). Nothing mends the target logit where the shifted angle exceeds pi.
 */
@AutoService(MarginHead.class)
@Named(
    key = "combined-margin",
    version = 1,
    summary = "Softmax with three margins: a factor on the angle, an angle, a cosine",
    source = "Deng et al. 2019, ArcFace, arXiv 1801.07698, equation 4")
public final class CombinedMargin implements MarginHead<CombinedMargin.Options> {
  /** Keeps the slope of the angle finite. */
  private static final float NEAR_ONE = 1 - 1e-7f;

  /** Options of the head; the defaults are ArcFace's. */
  public record Options(
      @Description(
              value = "factor m1 on the angle",
              range = "[1, 10]",
              defaultValue = "1",
              source = "arcface_torch; Liu et al. 2017, SphereFace")
          double angleFactor,
      @Description(
              value = "margin m2 added to the angle, in radians",
              range = "[0, 1.5707]",
              defaultValue = "0.5",
              source = "arcface_torch; Deng et al. 2019, ArcFace")
          double angularMargin,
      @Description(
              value = "margin m3 subtracted from the cosine",
              range = "[0, 1]",
              defaultValue = "0",
              source = "arcface_torch; Wang et al. 2018, CosFace")
          double cosineMargin,
      @Description(
              value = "factor on all logits",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "arcface_torch")
          double scale) {}

  @Override
  public HeadSession open(Options options) {
    return HeadSession.stateless(inputs -> logits(inputs, options));
  }

  private static NDArray logits(HeadInputs inputs, Options options) {
    NDArray angle = inputs.target().clip(-NEAR_ONE, NEAR_ONE).acos();
    NDArray target =
        angle
            .mul(options.angleFactor())
            .add(options.angularMargin())
            .cos()
            .sub(options.cosineMargin());
    return inputs.withTarget(inputs.cosines(), target).mul(options.scale());
  }
}

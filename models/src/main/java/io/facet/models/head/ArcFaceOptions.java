package io.facet.models.head;

import io.facet.models.option.Description;

/** Options of {@link ArcFace}. */
public record ArcFaceOptions(
    @Description(
            value = "Additive angular margin in radians",
            range = "[0, 1.5707]",
            defaultValue = "0.5",
            source = "Deng et al. 2019, ArcFace")
        double margin,
    @Description(
            value = "Factor on all logits",
            range = "(0, 1000]",
            defaultValue = "64",
            source = "Deng et al. 2019, ArcFace")
        double scale,
    @Description(
            value =
                "Rule where angle plus margin exceeds pi: plain (none), monotone (a straight line"
                    + " goes on) or clipped (the angle stays below pi)",
            defaultValue = "monotone",
            source =
                "plain and monotone: arcface_torch before 2022 and in 2022; clipped: AdaFace's code")
        Variant variant,
    @Description(
            value = "Whether the margin shifts the value but not the slope of the target logit",
            defaultValue = "false",
            source = "arcface_torch since 2022-12")
        boolean straightThrough) {

  /** What happens where angle plus margin exceeds pi. */
  public enum Variant {
    PLAIN,
    MONOTONE,
    CLIPPED
  }
}

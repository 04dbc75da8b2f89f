package io.facet.models.backbone;

import io.facet.models.option.Description;

/** Options of {@link MobileFaceNet}. */
public record MobileFaceNetOptions(
    @Description(
            value =
                "classic: 1.19 M parameters, the size used in distillation papers; mbf: twice the"
                    + " channels between the stages, 2.06 M parameters",
            defaultValue = "classic",
            source = "classic: AdaDistill's backbone; mbf: arcface_torch's mbf")
        Layout layout,
    @Description(
            value = "Factor on all channel counts, which are rounded to multiples of 8",
            range = "[0.125, 4]",
            defaultValue = "1")
        double width,
    @Description(
            value = "Width of the embedding",
            range = "[8, 4096]",
            defaultValue = "512",
            source = "ArcFace")
        int embedding) {

  /** The two published layouts. */
  public enum Layout {
    CLASSIC,
    MBF
  }
}

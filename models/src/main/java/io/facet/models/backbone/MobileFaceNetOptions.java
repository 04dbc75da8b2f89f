package io.facet.models.backbone;

import io.facet.models.option.Description;

/** Options of {@link MobileFaceNet}. */
public record MobileFaceNetOptions(
    @Description(
            value =
                "classic: 1.19 M parameters, the size used in distillation papers; mbf: twice the"
                    + " channels between the stages, 2.06 M parameters; mbf-large: four times the"
                    + " channels and twice the blocks, 6.31 M parameters; relu6: ReLU6 in place of"
                    + " PReLU and one layer more at the start, as a public network of 1.0 M"
                    + " parameters with embedding 128 has it",
            defaultValue = "classic",
            source =
                "classic: AdaDistill's backbone; mbf, mbf-large: arcface_torch; relu6:"
                    + " foamliu/MobileFaceNet")
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

  /** The published layouts. */
  public enum Layout {
    CLASSIC(1, 1, 4, 6, 2),
    MBF(2, 1, 4, 6, 2),
    MBF_LARGE(4, 2, 8, 12, 4),
    RELU6(1, 1, 4, 6, 2);

    private final int scale;
    private final int[] blocks;

    Layout(int scale, int... blocks) {
      this.scale = scale;
      this.blocks = blocks;
    }

    /** Factor on the channels between the stages. */
    int scale() {
      return scale;
    }

    /** Blocks at 56x56 (1: a single convolution), 28x28, 14x14 and 7x7. */
    int blocks(int stage) {
      return blocks[stage];
    }
  }
}

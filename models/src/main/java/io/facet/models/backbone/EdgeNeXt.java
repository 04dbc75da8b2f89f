package io.facet.models.backbone;

import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;

/** EdgeNeXt: a small network of convolutions and attention between channels; EdgeFace's body. */
@AutoService(Backbone.class)
@Named(
    key = "edgenext",
    version = 1,
    summary = "EdgeNeXt on 112x112 crops, as EdgeFace uses it; weights named as in timm",
    source = "Maaz et al. 2022 (EdgeNeXt); George et al. 2024 (EdgeFace)")
public final class EdgeNeXt implements Backbone<EdgeNeXt.Options> {
  /** Published sizes. */
  public enum Size {
    /** 1.2 million parameters. */
    XX_SMALL(4, new int[] {2, 2, 6, 2}, new int[] {24, 48, 88, 168}),
    /** 2.2 million parameters. */
    X_SMALL(4, new int[] {3, 3, 9, 3}, new int[] {32, 64, 100, 192}),
    /** 5.4 million parameters. */
    SMALL(8, new int[] {3, 3, 9, 3}, new int[] {48, 96, 160, 304});

    private final int heads;
    private final int[] depths;
    private final int[] widths;

    Size(int heads, int[] depths, int[] widths) {
      this.heads = heads;
      this.depths = depths;
      this.widths = widths;
    }

    int heads() {
      return heads;
    }

    int[] depths() {
      return depths.clone();
    }

    int[] widths() {
      return widths.clone();
    }
  }

  /** Options of {@link EdgeNeXt}. */
  public record Options(
      @Description(value = "Published size", defaultValue = "x-small", source = "timm") Size size,
      @Description(value = "Width of the embedding", range = "[1, 4096]", defaultValue = "512")
          int embedding) {}

  @Override
  public Network create(Options options) {
    return new EdgeNeXtNetwork(options.size(), options.embedding());
  }
}

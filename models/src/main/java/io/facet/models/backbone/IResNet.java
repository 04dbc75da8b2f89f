package io.facet.models.backbone;

import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.Map;
import java.util.TreeMap;

/** {@code iresnet}: the residual networks of ArcFace, the usual teachers. */
@AutoService(Backbone.class)
@Named(
    key = "iresnet",
    version = 1,
    summary =
        "IResNet-18 to -200 on 112x112 crops, the usual teacher; weights named as in arcface_torch",
    source =
        "Deng et al. 2019 (ArcFace); Duta et al. 2020 (improved residual networks); arcface_torch")
public final class IResNet implements Backbone<IResNet.Options> {
  private static final Map<Integer, int[]> BLOCKS =
      new TreeMap<>(
          Map.of(
              18, new int[] {2, 2, 2, 2},
              34, new int[] {3, 4, 6, 3},
              50, new int[] {3, 4, 14, 3},
              100, new int[] {3, 13, 30, 3},
              200, new int[] {6, 26, 60, 6}));
  private static final int NARROWEST = 64;

  /** Options of {@link IResNet}. */
  public record Options(
      @Description(
              value = "Number of layers by name: 18, 34, 50, 100 or 200",
              range = "[18, 200]",
              defaultValue = "50",
              source = "arcface_torch")
          int depth,
      @Description(
              value = "Factor on all channel counts, which are rounded to multiples of 8",
              range = "[0.125, 4]",
              defaultValue = "1")
          double width,
      @Description(
              value = "Chance that a value before the embedding layer is dropped in training",
              range = "[0, 1)",
              defaultValue = "0",
              source = "arcface_torch")
          double dropout,
      @Description(
              value = "Width of the embedding",
              range = "[1, 4096]",
              defaultValue = "512",
              source = "arcface_torch")
          int embedding) {
    /** Refuses depths that are not published. */
    public Options {
      if (!BLOCKS.containsKey(depth)) {
        throw new IllegalArgumentException(
            "depth must be one of %s, is %d".formatted(BLOCKS.keySet(), depth));
      }
    }

    /** Blocks of a stage, counted from 0. */
    int blocks(int stage) {
      return BLOCKS.get(depth)[stage];
    }

    /** Channels of a stage, counted from 0. */
    int channels(int stage) {
      return ChannelWidth.scaled(NARROWEST << stage, width);
    }
  }

  @Override
  public Network create(Options options) {
    return new IResNetNetwork(options);
  }
}

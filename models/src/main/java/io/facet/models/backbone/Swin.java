package io.facet.models.backbone;

import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.List;
import java.util.Optional;

/** Swin transformer for faces: attention in shifted windows, four resolutions; takes prompts. */
@AutoService(Backbone.class)
@Named(
    key = "swin",
    version = 1,
    summary =
        "Swin transformer for faces: attention in shifted windows; takes prompts in each stage",
    source =
        "Liu et al. 2021 (Swin), weights named as in FaceX-Zoo; prompts of each stage:"
            + " arXiv 2306.14662 and Jia et al. 2022 (VPT), embedding from spatial tokens reconstructed")
public final class Swin implements Backbone<Swin.Options> {
  /** Side of the aligned crops in pixels. */
  private static final int CROP = 112;

  /** Published sizes. */
  public enum Size {
    /** Swin-T: 46.8 million parameters with the embedding layer. */
    TINY(List.of(2, 2, 6, 2)),
    /** Swin-S: 68.1 million parameters with the embedding layer. */
    SMALL(List.of(2, 2, 18, 2));

    private static final int DIM = 96;
    private static final List<Integer> HEADS = List.of(3, 6, 12, 24);

    private final List<Integer> depths;

    Size(List<Integer> depths) {
      this.depths = depths;
    }
  }

  /** Options of {@link Swin}; those of a size that are absent take the size's values. */
  public record Options(
      @Description(
              value = "Published size, which gives dim, depths and heads where they are not set",
              defaultValue = "tiny",
              source = "Liu et al. 2021")
          Size size,
      @Description(
              value =
                  "Side of the image in pixels; above 112 the crop is enlarged inside, bilinear",
              range = "[4, 448]",
              defaultValue = "112",
              source = "FaceX-Zoo uses 224; 112 with patch 2 is reconstructed for CAKD")
          int image,
      @Description(
              value = "Side of a patch in pixels; absent: image / 56, at least 1",
              range = "[1, 64]",
              defaultValue = Description.ABSENT,
              source = "FaceX-Zoo: 4 at 224")
          Optional<Integer> patch,
      @Description(
              value = "Width of the tokens in the first stage, doubled in each later one",
              range = "[4, 1024]",
              defaultValue = Description.ABSENT)
          Optional<Integer> dim,
      @Description(
              value = "Blocks of each stage",
              range = "[1, 64]",
              defaultValue = Description.ABSENT)
          Optional<List<Integer>> depths,
      @Description(
              value = "Attention heads of each stage",
              range = "[1, 128]",
              defaultValue = Description.ABSENT)
          Optional<List<Integer>> heads,
      @Description(
              value = "Side of a window in tokens; every second block shifts it by half",
              range = "[1, 56]",
              defaultValue = "7",
              source = "Liu et al. 2021")
          int window,
      @Description(
              value = "Hidden width of the MLPs as multiple of the tokens' width",
              range = "[0.5, 16]",
              defaultValue = "4",
              source = "Liu et al. 2021")
          double mlpRatio,
      @Description(
              value = "Whether queries, keys and values have a bias",
              defaultValue = "true",
              source = "Liu et al. 2021")
          boolean attentionBias,
      @Description(
              value =
                  "Chance that a sample skips a branch of the last block in training, falling"
                      + " linearly to 0 at the first block",
              range = "[0, 1)",
              defaultValue = "0.3",
              source = "FaceX-Zoo")
          double dropPath,
      @Description(value = "Width of the embedding", range = "[1, 4096]", defaultValue = "512")
          int embedding) {
    /** Fills in the size's values and refuses those that do not fit each other. */
    public Options {
      patch = Optional.of(patch.orElse(Math.max(1, image / 56)));
      dim = Optional.of(dim.orElse(Size.DIM));
      depths = Optional.of(depths.orElse(size.depths));
      heads = Optional.of(heads.orElse(Size.HEADS));
      if (depths.get().isEmpty() || depths.get().size() != heads.get().size()) {
        throw new IllegalArgumentException(
            "depths and heads need one number a stage, are %s and %s"
                .formatted(depths.get(), heads.get()));
      }
      if (image % patch.get() != 0) {
        throw new IllegalArgumentException(
            "image must be a multiple of patch, is %d with patch %d".formatted(image, patch.get()));
      }
      int side = image / patch.get();
      for (int stage = 0; stage < heads.get().size(); stage++) {
        check(stage, side, dim.get() << stage, heads.get().get(stage), window);
        if (stage + 1 < heads.get().size() && side % 2 != 0) {
          throw new IllegalArgumentException(
              "stage %d has a grid of side %d, which cannot be halved; choose image, patch or fewer depths"
                  .formatted(stage + 1, side));
        }
        side /= 2;
      }
    }

    private static void check(int stage, int side, int width, int heads, int window) {
      if (width % heads != 0) {
        throw new IllegalArgumentException(
            "stage %d has width %d, no multiple of its %d heads"
                .formatted(stage + 1, width, heads));
      }
      if (side > window && side % window != 0) {
        throw new IllegalArgumentException(
            "stage %d has a grid of side %d, no multiple of window %d"
                .formatted(stage + 1, side, window));
      }
    }

    int stages() {
      return depths.orElseThrow().size();
    }

    int depth(int stage) {
      return depths.orElseThrow().get(stage);
    }

    int heads(int stage) {
      return heads.orElseThrow().get(stage);
    }

    /** Width of the tokens of a stage, counted from 0. */
    int width(int stage) {
      return dim.orElseThrow() << stage;
    }

    int patchSide() {
      return patch.orElseThrow();
    }

    /** Side of a stage's grid. */
    int side(int stage) {
      return image / patchSide() >> stage;
    }

    /** Side of the network's input. */
    int inputSide() {
      return Math.min(image, CROP);
    }
  }

  @Override
  public PromptableNetwork create(Options options) {
    return new SwinNetwork(options, SwinNetwork.NORM_EPSILON);
  }
}

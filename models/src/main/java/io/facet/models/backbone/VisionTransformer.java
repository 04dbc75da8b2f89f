package io.facet.models.backbone;

import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.Optional;

/** ViT for faces: no class token, all spatial tokens feed the embedding; takes prompts. */
@AutoService(Backbone.class)
@Named(
    key = "vit",
    version = 1,
    summary =
        "Vision transformer for faces, without class token; takes prompts before the first block or each",
    source =
        "Dosovitskiy et al. 2021 (ViT); arcface_torch (face head); Jia et al. 2022 (VPT);"
            + " Xiao et al. 2021 (convolutional stem)")
public final class VisionTransformer implements Backbone<VisionTransformer.Options> {
  /** How spatial tokens become one vector. */
  public enum Pooling {
    /** All tokens side by side, as arcface_torch: many weights, place matters. */
    FLATTEN,
    /** Their mean: few weights. */
    MEAN
  }

  /** How the image becomes tokens. */
  public enum Stem {
    /** One linear map of each patch, as in the first ViT. */
    PATCH,
    /** Convolutions of stride 2 down to one place per patch: learns faces from far fewer images. */
    CONVOLUTION
  }

  /** Sizes of arcface_torch. */
  public enum Size {
    /** ViT-T: 19 million parameters. */
    TINY(256, 12, 0.1),
    /** ViT-S: 76 million parameters. */
    SMALL(512, 12, 0.1),
    /** ViT-B: 114 million parameters. */
    BASE(512, 24, 0.1),
    /** ViT-L: 256 million parameters. */
    LARGE(768, 24, 0.05);

    private static final int PATCH = 9;
    private static final int HEADS = 8;

    private final int dim;
    private final int depth;
    private final double regularisation;

    Size(int dim, int depth, double regularisation) {
      this.dim = dim;
      this.depth = depth;
      this.regularisation = regularisation;
    }
  }

  /** Options of {@link VisionTransformer}; those that are absent take the size's values. */
  public record Options(
      @Description(
              value =
                  "Published size, which gives patch 9, dim, depth, heads 8, dropPath and maskRatio"
                      + " where they are not set; absent: a small network of free size",
              defaultValue = Description.ABSENT,
              source = "arcface_torch")
          Optional<Size> size,
      @Description(
              value = "Side of the square input in pixels",
              range = "[8, 112]",
              defaultValue = "112")
          int image,
      @Description(
              value =
                  "Side of a patch in pixels; border pixels beyond whole patches are unused;"
                      + " 8 without size",
              range = "[2, 112]",
              defaultValue = Description.ABSENT,
              source = "arcface_torch uses 9")
          Optional<Integer> patch,
      @Description(
              value =
                  "How the image becomes tokens; convolution: 3x3 of stride 2, for patches that are"
                      + " a power of two and divide the image",
              defaultValue = "patch",
              source = "arcface_torch: patch; convolution: Xiao et al. 2021")
          Stem stem,
      @Description(
              value = "Width of the tokens, a multiple of heads; 192 without size",
              range = "[8, 2048]",
              defaultValue = Description.ABSENT,
              source = "192: ViT-Ti")
          Optional<Integer> dim,
      @Description(
              value = "Number of blocks; 6 without size",
              range = "[1, 64]",
              defaultValue = Description.ABSENT)
          Optional<Integer> depth,
      @Description(
              value = "Attention heads; 6 without size",
              range = "[1, 64]",
              defaultValue = Description.ABSENT)
          Optional<Integer> heads,
      @Description(
              value = "Hidden width of the MLPs as multiple of dim",
              range = "[0.5, 16]",
              defaultValue = "4",
              source = "arcface_torch")
          double mlpRatio,
      @Description(
              value = "Activation inside the MLPs",
              defaultValue = "relu6",
              source = "arcface_torch")
          MlpActivation activation,
      @Description(
              value = "Whether queries, keys and values have a bias",
              defaultValue = "false",
              source = "arcface_torch")
          boolean attentionBias,
      @Description(
              value = "How spatial tokens become one vector",
              defaultValue = "flatten",
              source = "arcface_torch")
          Pooling pooling,
      @Description(
              value =
                  "Chance that a sample skips a branch of the last block in training, falling"
                      + " linearly to 0 at the first block; 0 without size",
              range = "[0, 1)",
              defaultValue = Description.ABSENT,
              source = "arcface_torch uses 0.1")
          Optional<Double> dropPath,
      @Description(
              value =
                  "Share of tokens that skip the blocks in training and are replaced by a learned"
                      + " token, drawn anew for each sample; not in steps that read taps;"
                      + " 0 without size",
              range = "[0, 0.9]",
              defaultValue = Description.ABSENT,
              source = "arcface_torch uses 0.1")
          Optional<Double> maskRatio,
      @Description(value = "Width of the embedding", range = "[1, 4096]", defaultValue = "512")
          int embedding) {
    /** Fills in the size's values and refuses those that do not fit each other. */
    public Options {
      boolean free = size.isEmpty();
      patch = Optional.of(patch.orElseGet(() -> free ? 8 : Size.PATCH));
      dim = Optional.of(dim.orElseGet(() -> free ? 192 : size.get().dim));
      depth = Optional.of(depth.orElseGet(() -> free ? 6 : size.get().depth));
      heads = Optional.of(heads.orElseGet(() -> free ? 6 : Size.HEADS));
      dropPath = Optional.of(dropPath.orElseGet(() -> free ? 0 : size.get().regularisation));
      maskRatio = Optional.of(maskRatio.orElseGet(() -> free ? 0 : size.get().regularisation));
      if (heads.get() < 1 || dim.get() % heads.get() != 0) {
        throw new IllegalArgumentException(
            "dim must be a multiple of heads, is %d with %d heads"
                .formatted(dim.get(), heads.get()));
      }
      if (patch.get() > image) {
        throw new IllegalArgumentException(
            "patch must not exceed image, is %d with image %d".formatted(patch.get(), image));
      }
      if (stem == Stem.CONVOLUTION) {
        checkConvolutions(image, patch.get(), dim.get());
      }
    }

    /** A network of free size that masks no tokens. */
    public Options(
        int image,
        int patch,
        int dim,
        int depth,
        int heads,
        double mlpRatio,
        MlpActivation activation,
        boolean attentionBias,
        Pooling pooling,
        double dropPath,
        int embedding) {
      this(
          Optional.empty(),
          image,
          Optional.of(patch),
          Stem.PATCH,
          Optional.of(dim),
          Optional.of(depth),
          Optional.of(heads),
          mlpRatio,
          activation,
          attentionBias,
          pooling,
          Optional.of(dropPath),
          Optional.of(0.0),
          embedding);
    }

    /** A small network with the defaults of all other options. */
    public static Options of(int dim, int depth, int heads, int patch) {
      return new Options(
          112, patch, dim, depth, heads, 4, MlpActivation.RELU6, false, Pooling.FLATTEN, 0, 512);
    }

    private static void checkConvolutions(int image, int patch, int dim) {
      if (Integer.bitCount(patch) != 1 || image % patch != 0) {
        throw new IllegalArgumentException(
            "patch must be a power of two that divides image with stem convolution, is %d with image %d"
                .formatted(patch, image));
      }
      if (dim % (patch / 2) != 0) {
        throw new IllegalArgumentException(
            "dim must be a multiple of half a patch with stem convolution, is %d with patch %d"
                .formatted(dim, patch));
      }
    }

    int patchSide() {
      return patch.orElseThrow();
    }

    int width() {
      return dim.orElseThrow();
    }

    int blocks() {
      return depth.orElseThrow();
    }
  }

  @Override
  public PromptableNetwork create(Options options) {
    return new VisionTransformerNetwork(options);
  }
}

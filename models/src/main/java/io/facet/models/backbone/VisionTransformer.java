package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.tensor.TorchOps;

/** ViT for faces: no class token, all spatial tokens feed the embedding; takes deep prompts. */
@AutoService(Backbone.class)
public final class VisionTransformer implements Backbone<VisionTransformer.Options> {
  /** Activation inside the MLPs. */
  public enum Activation {
    /** min(max(x, 0), 6), as arcface_torch. */
    RELU6,
    /** x Phi(x), as the original ViT. */
    GELU;

    NDArray apply(NDArray x) {
      return this == GELU ? TorchOps.gelu(x) : x.clip(0, 6);
    }
  }

  /** How spatial tokens become one vector. */
  public enum Pooling {
    /** All tokens side by side, as arcface_torch: many weights, place matters. */
    FLATTEN,
    /** Their mean: few weights. */
    MEAN
  }

  /** Options of {@link VisionTransformer}. */
  public record Options(
      @Description(
              value = "Side of the square input in pixels",
              range = "[8, 112]",
              defaultValue = "112")
          int image,
      @Description(
              value = "Side of a patch in pixels; border pixels beyond whole patches are unused",
              range = "[2, 112]",
              defaultValue = "8",
              source = "arcface_torch uses 9")
          int patch,
      @Description(
              value = "Width of the tokens, a multiple of heads",
              range = "[8, 2048]",
              defaultValue = "192",
              source = "ViT-Ti")
          int dim,
      @Description(value = "Number of blocks", range = "[1, 64]", defaultValue = "6") int depth,
      @Description(value = "Attention heads", range = "[1, 64]", defaultValue = "6") int heads,
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
          Activation activation,
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
                      + " linearly to 0 at the first block",
              range = "[0, 1)",
              defaultValue = "0",
              source = "arcface_torch uses 0.1")
          double dropPath,
      @Description(value = "Width of the embedding", range = "[1, 4096]", defaultValue = "512")
          int embedding) {
    /** Refuses sizes that do not fit each other. */
    public Options {
      if (heads < 1 || dim % heads != 0) {
        throw new IllegalArgumentException(
            "dim must be a multiple of heads, is %d with %d heads".formatted(dim, heads));
      }
      if (patch > image) {
        throw new IllegalArgumentException(
            "patch must not exceed image, is %d with image %d".formatted(patch, image));
      }
    }

    /** A small network with the defaults of all other options. */
    public static Options of(int dim, int depth, int heads, int patch) {
      return new Options(
          112, patch, dim, depth, heads, 4, Activation.RELU6, false, Pooling.FLATTEN, 0, 512);
    }
  }

  @Override
  public String key() {
    return "vit";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "Vision transformer for faces, without class token; takes prompts before each block";
  }

  @Override
  public String source() {
    return "Dosovitskiy et al. 2021 (ViT); arcface_torch (face head); Jia et al. 2022 (VPT-deep)";
  }

  @Override
  public PromptableNetwork create(Options options) {
    return new VisionTransformerNetwork(options);
  }
}

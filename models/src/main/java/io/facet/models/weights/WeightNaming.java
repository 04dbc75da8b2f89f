package io.facet.models.weights;

/** How the tensors of a weights file are named. */
public enum WeightNaming {
  /** As this project names them. */
  FACET,
  /**
   * As the timm library names them: EdgeNeXt, Swin (old and new place of the patch merging) and
   * ViT, whose class token is left out.
   */
  TIMM,
  /** As insightface's arcface_torch names them: IResNet, ViT, {@code mbf} and {@code mbf_large}. */
  INSIGHTFACE,
  /** The MobileFaceNet of Xiaoccer/MobileFaceNet_Pytorch: input 112x96, (x - 127.5) / 128. */
  XIAOCCER,
  /** The MobileFaceNet of foamliu/MobileFaceNet: layout {@code relu6}, embedding 128. */
  FOAMLIU
}

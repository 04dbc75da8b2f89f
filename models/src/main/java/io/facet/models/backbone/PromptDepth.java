package io.facet.models.backbone;

/** How deep prompts go into a transformer (Jia et al. 2022, VPT). */
public enum PromptDepth {
  /** A set of its own before each block, or in each stage, in place of the outputs of the last. */
  DEEP,
  /** One set before the first block, whose outputs travel on through all blocks. */
  SHALLOW
}

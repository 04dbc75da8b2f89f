package io.facet.models.distill.cakd;

/** How tokens become local features. */
public enum LocalMapping {
  /** Learnt local queries gather all tokens: unified receptive fields. */
  URFM,
  /**
   * The mean of the tokens in each cell of the grid of locals, without prompts, queries and
   * positions: CAKD without URFM.
   */
  POOLING
}

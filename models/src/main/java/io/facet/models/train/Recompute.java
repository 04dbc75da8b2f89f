package io.facet.models.train;

/** What training computes twice to save memory. */
public enum Recompute {
  /** Nothing. */
  NONE,
  /** The blocks of transformers that derivatives pass through: again in the backward pass. */
  BLOCKS
}

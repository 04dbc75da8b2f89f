package io.facet.models.distill.cakd;

/** The point that facial distances are measured from. */
public enum Anchor {
  /** The centre of the grid. */
  CENTRE,
  /** The nose of the alignment template. */
  NOSE
}

package io.facet.models.distill.cakd;

/** Where the facial position code enters the unified receptive field. */
public enum PositionPlacement {
  /** Added to the projected local queries. */
  QUERY,
  /** Added to the projected features; prompt tokens have a row of their own. */
  KEY
}

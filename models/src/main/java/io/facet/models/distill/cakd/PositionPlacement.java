package io.facet.models.distill.cakd;

/** Where the facial position code enters the unified receptive field. */
public enum PositionPlacement {
  /** Added to the projected local queries. */
  QUERY,
  /** Added to the projected features; prompt tokens have a row of their own. */
  KEY,
  /**
   * A number for each head, by the distance between query and feature, added to their product:
   * every query starts with a receptive field around its own cell.
   */
  PAIR
}

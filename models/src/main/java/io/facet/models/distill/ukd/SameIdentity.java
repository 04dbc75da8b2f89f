package io.facet.models.distill.ukd;

/** What RPSD does with pairs of different images of one identity. */
public enum SameIdentity {
  /** They are pairs like all others. */
  KEEP,
  /** They are left out. */
  MASK
}

package io.facet.models.distill.ukd;

/** Which pairs of a row count in RPSD. */
public enum PairMining {
  /** Those where student and teacher disagree most. */
  DISCREPANCY,
  /** Other identities the teacher finds most alike, and all pairs of one identity. */
  TEACHER_HARD,
  /** All. */
  ALL
}

package io.facet.models.distill.ukd;

/** What a student's embedding is compared with in the memory bank. */
public enum BankSpace {
  /** Stored student embeddings. */
  OWN,
  /** Stored teacher embeddings, which do not age; the widths must agree. */
  TEACHER
}

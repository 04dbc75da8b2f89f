package io.facet.models.distill;

/** Options with a weight for the identity term beside a method's own. */
public interface IdentityTerm {
  /** The weight, at least 0; 0: the run has no head. */
  double identityWeight();
}

package io.facet.models.distill.cakd;

/** What trains the parts of CAKD that both sides share, and how both sides are compared. */
public enum CakdForm {
  /**
   * The teacher's side alone: its embedding must be reconstructed from its local outputs. To the
   * student's side the shared parts are constants, so that the terms fall only by the student or
   * the prompts.
   */
  ANCHORED,
  /** As {@link #ANCHORED}, but the terms go through a moving average of the shared parts. */
  EMA,
  /** The terms themselves, from both sides; plain differences of maps and outputs. */
  LITERAL
}

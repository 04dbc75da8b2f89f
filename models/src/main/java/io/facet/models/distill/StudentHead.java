package io.facet.models.distill;

/** Where the class weights of the student's head come from. */
public enum StudentHead {
  /** Drawn at random and trained. */
  OWN,
  /** Those of the teacher at first, then trained. */
  INITIALISED,
  /** Those of the teacher, frozen. */
  COPIED
}

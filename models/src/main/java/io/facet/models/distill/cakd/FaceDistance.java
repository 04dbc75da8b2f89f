package io.facet.models.distill.cakd;

/** Which facial distance joins the Euclidean one. */
public enum FaceDistance {
  /** The Euclidean distance alone. */
  NONE,
  /** Saliency distance; needs the teacher's saliency map. */
  SD,
  /** Relative distance to the five key points. */
  RD
}

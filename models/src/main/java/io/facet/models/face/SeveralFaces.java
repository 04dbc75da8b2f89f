package io.facet.models.face;

/** What to do with an image that shows more than one face. */
public enum SeveralFaces {
  /** Take the face that is largest and nearest to the middle; see {@link FacePicker}. */
  LARGEST_CENTRAL,
  /** Reject the image. */
  REJECT
}

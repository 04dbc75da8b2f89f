package io.facet.transforms.row;

/**
 * Which face of which image: columns of {@link FaceRow} without the crop.
 *
 * @param faceId see {@link FaceId}
 * @param imageId the image it was cut from
 * @param faceIndex number of the face in its image
 */
public record FaceName(String faceId, String imageId, int faceIndex) {
  /** Whether it was cut out by the alignment of that digest. */
  public boolean isOf(String alignmentDigest) {
    return faceId.equals(FaceId.of(imageId, faceIndex, alignmentDigest));
  }
}

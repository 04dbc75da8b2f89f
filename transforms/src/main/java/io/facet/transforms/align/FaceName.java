package io.facet.transforms.align;

import io.facet.transforms.row.FaceId;

/**
 * Which face of which image: columns of {@link io.facet.transforms.row.FaceRow} without the crop.
 *
 * @param faceId see {@link FaceId}
 * @param imageId the image it was cut from
 * @param faceIndex number of the face in its image
 */
public record FaceName(String faceId, String imageId, int faceIndex) {
  /** Whether it was cut out by the alignment of that digest. */
  boolean isOf(String alignmentDigest) {
    return faceId.equals(FaceId.of(imageId, faceIndex, alignmentDigest));
  }
}

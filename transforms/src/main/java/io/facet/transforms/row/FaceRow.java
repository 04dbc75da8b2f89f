package io.facet.transforms.row;

import io.facet.transforms.file.Sha256;
import java.io.Serializable;

/**
 * Table {@code faces}: one aligned face.
 *
 * @param faceId see {@link FaceId}
 * @param imageId the image it was cut from
 * @param faceIndex number of the face in its image, best first, from 0
 * @param crop the aligned face as an encoded image of 112x112 pixels; empty if the image is that
 *     already: then it is in table {@code images} alone
 * @param format of the crop: {@code png}, or the image's if that is taken as it is
 * @param landmarks five points in pixels of the image, 10 numbers
 * @param transform image to crop, row by row {@code [a b tx; c d ty]}, 6 numbers
 * @param score detector confidence in 0..1
 * @param eyeDistance in pixels of the image
 * @param sharpness variance of the crop's Laplacian; higher is sharper
 */
@SuppressWarnings("ArrayRecordComponent")
public record FaceRow(
    @InPlace String faceId,
    String imageId,
    int faceIndex,
    @InPlace byte[] crop,
    String format,
    float[] landmarks,
    float[] transform,
    float score,
    float eyeDistance,
    float sharpness)
    implements Serializable {

  /**
   * Name and crop.
   *
   * @throws IllegalStateException if the crop is in table {@code images} alone
   */
  public FaceCrop toCrop() {
    if (crop.length == 0) {
      throw new IllegalStateException("the crop of face %s is image %s".formatted(faceId, imageId));
    }
    return new FaceCrop(faceId, crop);
  }

  /** The same without a crop that is the image as it is, told by the image's digest. */
  public FaceRow withoutImage() {
    return crop.length > 0 && imageId.equals(Sha256.hex(crop))
        ? new FaceRow(
            faceId,
            imageId,
            faceIndex,
            new byte[0],
            format,
            landmarks,
            transform,
            score,
            eyeDistance,
            sharpness)
        : this;
  }
}

package io.facet.transforms.row;

/**
 * Names of faces: {@code IMAGE_ID-INDEX-ALIGNMENT}, where ALIGNMENT is the start of the digest of
 * whatever decides the crop (detector, template, options).
 */
public final class FaceId {
  private static final int IMAGE_ID_LENGTH = 64;
  private static final int ALIGNMENT_LENGTH = 12;

  private FaceId() {}

  /**
   * The name of one face.
   *
   * @param imageId SHA-256 of the image, 64 hexadecimal digits
   * @param faceIndex number of the face in its image, from 0
   * @param alignmentDigest hexadecimal digest of the alignment; its first 12 digits are used
   */
  public static String of(String imageId, int faceIndex, String alignmentDigest) {
    if (imageId.length() != IMAGE_ID_LENGTH) {
      throw new IllegalArgumentException(
          "'" + imageId + "' is not an image id: 64 digits expected");
    }
    String alignment =
        alignmentDigest.substring(0, Math.min(ALIGNMENT_LENGTH, alignmentDigest.length()));
    return imageId + "-" + faceIndex + "-" + alignment;
  }

  /** The image a face was cut from. */
  public static String imageId(String faceId) {
    if (faceId.length() <= IMAGE_ID_LENGTH || faceId.charAt(IMAGE_ID_LENGTH) != '-') {
      throw new IllegalArgumentException(
          "'" + faceId + "' is not a face id: IMAGE_ID-INDEX-ALIGNMENT expected");
    }
    return faceId.substring(0, IMAGE_ID_LENGTH);
  }

  /** What follows the image in the name of a face: {@code -INDEX-ALIGNMENT}. */
  public static String withinImage(String faceId) {
    return faceId.substring(imageId(faceId).length());
  }
}

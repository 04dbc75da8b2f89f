package io.facet.models.face;

/** What became of one image. */
public sealed interface AlignmentResult {
  /**
   * An aligned face.
   *
   * @param crop pixels of the template's size
   * @param encoded the crop as an image file: the original bytes if the image was aligned already,
   *     else PNG
   * @param format type of {@code encoded}, such as {@code png}
   * @param landmarks five points in pixels of the image, 10 floats
   * @param transform image to crop, row by row {@code [a, -b, tx, b, a, ty]}
   * @param score detector confidence in 0..1; 1 if nothing was detected
   * @param eyeDistance in pixels of the image; small in profile
   * @param sharpness {@link Sharpness#laplacianVariance} of the crop
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Aligned(
      Pixels crop,
      byte[] encoded,
      String format,
      float[] landmarks,
      float[] transform,
      float score,
      float eyeDistance,
      float sharpness)
      implements AlignmentResult {}

  /**
   * No crop.
   *
   * @param reason code, see {@link RejectReason#key}
   * @param detail one line for a person
   */
  record Rejected(RejectReason reason, String detail) implements AlignmentResult {}
}

package io.facet.models.face;

import java.util.List;

/** What a {@link FaceDetector} says about one image. */
public sealed interface FaceFinding {
  /**
   * The image shows these faces, perhaps none.
   *
   * @param faces best score first
   */
  record Faces(List<DetectedFace> faces) implements FaceFinding {}

  /** The image is itself an aligned face; nothing has to be found or warped. */
  record WholeImage() implements FaceFinding {}

  /** Nobody looked: the landmarks were to come with the image, and none did. */
  record LandmarksMissing() implements FaceFinding {}
}

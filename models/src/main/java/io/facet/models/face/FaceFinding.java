package io.facet.models.face;

import java.util.List;

/** What a {@link FaceDetector} says about one picture. */
public sealed interface FaceFinding {
  /**
   * The picture shows these faces, perhaps none.
   *
   * @param faces best score first
   */
  record Faces(List<DetectedFace> faces) implements FaceFinding {}

  /** The picture is itself an aligned face; nothing has to be found or warped. */
  record WholePicture() implements FaceFinding {}

  /** Nobody looked: the landmarks were to come with the picture, and none did. */
  record LandmarksMissing() implements FaceFinding {}
}

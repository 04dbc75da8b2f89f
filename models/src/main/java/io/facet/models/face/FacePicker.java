package io.facet.models.face;

import java.util.List;

/** Chooses the face an image is about. */
public final class FacePicker {
  private FacePicker() {}

  /**
   * The face with the largest {@code width * height - 2 * (distance of its middle from the image's
   * middle)^2}; of equals the one with the better score.
   *
   * @throws ImageException {@link RejectReason#NO_FACE} if there is none, {@link
   *     RejectReason#SEVERAL_FACES} if there are more and the policy says reject
   */
  public static DetectedFace pick(Pixels image, List<DetectedFace> faces, SeveralFaces policy) {
    if (faces.isEmpty()) {
      throw new ImageException(RejectReason.NO_FACE, "the detector found no face");
    }
    if (faces.size() > 1 && policy == SeveralFaces.REJECT) {
      throw new ImageException(
          RejectReason.SEVERAL_FACES, "the detector found %d faces".formatted(faces.size()));
    }
    DetectedFace best = null;
    double bestValue = Double.NEGATIVE_INFINITY;
    for (DetectedFace face : faces) {
      double dx = face.x() + face.width() / 2 - image.width() / 2.0;
      double dy = face.y() + face.height() / 2 - image.height() / 2.0;
      double value = (double) face.width() * face.height() - 2 * (dx * dx + dy * dy);
      if (best == null
          || value > bestValue
          || (value == bestValue && face.score() > best.score())) {
        best = face;
        bestValue = value;
      }
    }
    return best;
  }
}

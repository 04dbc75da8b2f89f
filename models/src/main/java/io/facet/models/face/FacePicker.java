package io.facet.models.face;

import java.util.Comparator;
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
    return ranked(image, faces).get(0);
  }

  /** Faces by that value, the largest first; of equals the one with the better score. */
  static List<DetectedFace> ranked(Pixels image, List<DetectedFace> faces) {
    return faces.stream()
        .sorted(
            Comparator.comparingDouble((DetectedFace face) -> value(image, face))
                .thenComparingDouble(DetectedFace::score)
                .reversed())
        .toList();
  }

  private static double value(Pixels image, DetectedFace face) {
    double dx = face.x() + face.width() / 2 - image.width() / 2.0;
    double dy = face.y() + face.height() / 2 - image.height() / 2.0;
    return (double) face.width() * face.height() - 2 * (dx * dx + dy * dy);
  }
}

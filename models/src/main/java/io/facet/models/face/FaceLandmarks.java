package io.facet.models.face;

/**
 * Five points as x0, y0, ... x4, y4: eye on the left side of the image, other eye, nose, mouth
 * corner on the left side of the image, other mouth corner.
 */
public final class FaceLandmarks {
  /** Floats of five points. */
  public static final int FIVE = 10;

  private static final int SIXTY_EIGHT = 136;

  private FaceLandmarks() {}

  /**
   * Five points from five, or from the 68 of the iBUG scheme: means of the eye corners (points 36,
   * 39 and 42, 45, counted from 0), nose tip (30), mouth corners (48, 54).
   *
   * @param points 10 or 136 floats
   * @throws ImageException {@link RejectReason#DEGENERATE_LANDMARKS} if it is another number
   */
  public static float[] five(float[] points) {
    if (points.length == FIVE) {
      return points;
    }
    if (points.length != SIXTY_EIGHT) {
      throw new ImageException(
          RejectReason.DEGENERATE_LANDMARKS,
          "%d numbers are not landmarks: 5 points (10 numbers) or 68 points (136) expected"
              .formatted(points.length));
    }
    float[] five = new float[FIVE];
    for (int axis = 0; axis < 2; axis++) {
      five[axis] = (points[72 + axis] + points[78 + axis]) / 2;
      five[2 + axis] = (points[84 + axis] + points[90 + axis]) / 2;
      five[4 + axis] = points[60 + axis];
      five[6 + axis] = points[96 + axis];
      five[8 + axis] = points[108 + axis];
    }
    return five;
  }

  /** Distance of the two eyes in pixels; small in profile. */
  public static float eyeDistance(float[] landmarks) {
    return (float) Math.hypot(landmarks[2] - landmarks[0], landmarks[3] - landmarks[1]);
  }

  /** A face of score 1 whose box just holds the landmarks. */
  static DetectedFace asFace(float[] points) {
    float[] five = five(points);
    float left = Float.POSITIVE_INFINITY;
    float top = Float.POSITIVE_INFINITY;
    float right = Float.NEGATIVE_INFINITY;
    float bottom = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < FIVE; i += 2) {
      left = Math.min(left, five[i]);
      right = Math.max(right, five[i]);
      top = Math.min(top, five[i + 1]);
      bottom = Math.max(bottom, five[i + 1]);
    }
    return new DetectedFace(left, top, right - left, bottom - top, five, 1);
  }
}

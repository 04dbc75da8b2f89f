package io.facet.models.face;

/**
 * Rotation, uniform scale and shift from pixels of an image to pixels of a crop: {@code x' = a x -
 * b y + tx}, {@code y' = b x + a y + ty}.
 */
public record SimilarityTransform(double a, double b, double tx, double ty) {

  /** Leaves every point where it is. */
  public static final SimilarityTransform IDENTITY = new SimilarityTransform(1, 0, 0, 0);

  /** Smallest sensible spread of points, relative to their distance from the origin. */
  private static final double RELATIVE_SPREAD = 1e-6;

  private static final double SMALLEST_SCALE = 1e-6;

  /**
   * The transform with the least squared error from source points to target points: Umeyama's,
   * without reflection, in closed form. With centred source points s and targets d: {@code a = sum
   * (s . d) / sum |s|^2}, {@code b = sum (s x d) / sum |s|^2}.
   *
   * @param source points x0, y0, x1, y1 ...
   * @param target as many points
   * @throws ImageException {@link RejectReason#DEGENERATE_LANDMARKS} if the points are not finite,
   *     all lie on one spot, or fit no upright arrangement at all
   */
  public static SimilarityTransform between(float[] source, float[] target) {
    if (source.length != target.length || source.length < 4 || source.length % 2 != 0) {
      throw new IllegalArgumentException(
          "%d and %d numbers are not matching points".formatted(source.length, target.length));
    }
    int count = source.length / 2;
    double sourceX = 0;
    double sourceY = 0;
    double targetX = 0;
    double targetY = 0;
    for (int i = 0; i < source.length; i += 2) {
      sourceX += source[i];
      sourceY += source[i + 1];
      targetX += target[i];
      targetY += target[i + 1];
    }
    sourceX /= count;
    sourceY /= count;
    targetX /= count;
    targetY /= count;
    double dot = 0;
    double cross = 0;
    double spread = 0;
    for (int i = 0; i < source.length; i += 2) {
      double sx = source[i] - sourceX;
      double sy = source[i + 1] - sourceY;
      double dx = target[i] - targetX;
      double dy = target[i + 1] - targetY;
      dot += sx * dx + sy * dy;
      cross += sx * dy - sy * dx;
      spread += sx * sx + sy * sy;
    }
    double a = dot / spread;
    double b = cross / spread;
    double smallest = RELATIVE_SPREAD * Math.max(1, Math.max(Math.abs(sourceX), Math.abs(sourceY)));
    // Negated, so that NaN is caught too.
    if (!(Math.sqrt(spread / count) > smallest) || !(Math.hypot(a, b) > SMALLEST_SCALE)) {
      throw new ImageException(
          RejectReason.DEGENERATE_LANDMARKS,
          "the landmarks lie on one spot, are not finite, or are not a face");
    }
    return new SimilarityTransform(
        a, b, targetX - a * sourceX + b * sourceY, targetY - b * sourceX - a * sourceY);
  }

  /** Crop pixels for one image pixel. */
  public double scale() {
    return Math.hypot(a, b);
  }

  /** The way back. */
  public SimilarityTransform inverse() {
    double square = a * a + b * b;
    double p = a / square;
    double q = -b / square;
    return new SimilarityTransform(p, q, q * ty - p * tx, -q * tx - p * ty);
  }

  /** Row by row: {@code [a, -b, tx, b, a, ty]}. */
  public float[] matrix() {
    return new float[] {(float) a, (float) (0 - b), (float) tx, (float) b, (float) a, (float) ty};
  }

  /** True if no point of a crop moves by more than a thousandth of a pixel. */
  boolean isIdentity() {
    double tolerance = 1e-3;
    double slope = tolerance / 224;
    return Math.abs(a - 1) < slope
        && Math.abs(b) < slope
        && Math.abs(tx) < tolerance / 2
        && Math.abs(ty) < tolerance / 2;
  }
}

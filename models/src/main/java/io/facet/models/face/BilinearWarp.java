package io.facet.models.face;

/**
 * Cuts a crop out of an image: the one warp of the project.
 *
 * <p>Every crop pixel is taken back to the image in double precision; its value is the weighted
 * mean of the four pixels around, those outside counting as 0, rounded to the nearest, halves to
 * even. No smoothing before shrinking, as in the crops the field's networks were trained on.
 */
public final class BilinearWarp {
  private BilinearWarp() {}

  /**
   * Warps an image.
   *
   * @param toCrop from image pixels to crop pixels
   * @param width of the crop
   * @param height of the crop
   */
  public static Pixels warp(Pixels image, SimilarityTransform toCrop, int width, int height) {
    SimilarityTransform back = toCrop.inverse();
    byte[] source = image.bgr();
    int sourceWidth = image.width();
    int sourceHeight = image.height();
    byte[] crop = new byte[width * height * 3];
    int out = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, out += 3) {
        double sx = back.a() * x - back.b() * y + back.tx();
        double sy = back.b() * x + back.a() * y + back.ty();
        double floorX = Math.floor(sx);
        double floorY = Math.floor(sy);
        // Also false for coordinates beyond the range of int.
        if (!(floorX >= -1 && floorX < sourceWidth && floorY >= -1 && floorY < sourceHeight)) {
          continue;
        }
        int x0 = (int) floorX;
        int y0 = (int) floorY;
        float fx = (float) (sx - floorX);
        float fy = (float) (sy - floorY);
        int at = (y0 * sourceWidth + x0) * 3;
        if (x0 >= 0 && y0 >= 0 && x0 + 1 < sourceWidth && y0 + 1 < sourceHeight) {
          int below = at + sourceWidth * 3;
          for (int c = 0; c < 3; c++) {
            crop[out + c] =
                mix(
                    source[at + c] & 0xFF,
                    source[at + 3 + c] & 0xFF,
                    source[below + c] & 0xFF,
                    source[below + 3 + c] & 0xFF,
                    fx,
                    fy);
          }
        } else {
          border(image, x0, y0, fx, fy, crop, out);
        }
      }
    }
    return new Pixels(width, height, crop);
  }

  /** A crop pixel with at least one of its four image pixels outside. */
  private static void border(
      Pixels image, int x0, int y0, float fx, float fy, byte[] crop, int out) {
    for (int c = 0; c < 3; c++) {
      crop[out + c] =
          mix(
              value(image, x0, y0, c),
              value(image, x0 + 1, y0, c),
              value(image, x0, y0 + 1, c),
              value(image, x0 + 1, y0 + 1, c),
              fx,
              fy);
    }
  }

  private static int value(Pixels image, int x, int y, int channel) {
    boolean inside = x >= 0 && x < image.width() && y >= 0 && y < image.height();
    return inside ? image.bgr()[(y * image.width() + x) * 3 + channel] & 0xFF : 0;
  }

  private static byte mix(float p00, float p01, float p10, float p11, float fx, float fy) {
    float upper = p00 + fx * (p01 - p00);
    float lower = p10 + fx * (p11 - p10);
    return (byte) (int) Math.rint(upper + fy * (lower - upper));
  }
}

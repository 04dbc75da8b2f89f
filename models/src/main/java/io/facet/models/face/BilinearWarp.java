package io.facet.models.face;

/**
 * Cuts a crop out of a picture: the one warp of the project.
 *
 * <p>Every crop pixel is taken back to the picture in double precision; its value is the weighted
 * mean of the four pixels around, those outside counting as 0, rounded to the nearest, halves to
 * even. No smoothing before shrinking, as in the crops the field's networks were trained on.
 */
public final class BilinearWarp {
  private BilinearWarp() {}

  /**
   * Warps a picture.
   *
   * @param toCrop from picture pixels to crop pixels
   * @param width of the crop
   * @param height of the crop
   */
  public static Pixels warp(Pixels picture, SimilarityTransform toCrop, int width, int height) {
    SimilarityTransform back = toCrop.inverse();
    byte[] source = picture.bgr();
    int sourceWidth = picture.width();
    int sourceHeight = picture.height();
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
        boolean left = x0 >= 0;
        boolean right = x0 + 1 < sourceWidth;
        boolean top = y0 >= 0;
        boolean bottom = y0 + 1 < sourceHeight;
        int at = (y0 * sourceWidth + x0) * 3;
        int below = at + sourceWidth * 3;
        for (int channel = 0; channel < 3; channel++) {
          float p00 = left && top ? source[at + channel] & 0xFF : 0;
          float p01 = right && top ? source[at + 3 + channel] & 0xFF : 0;
          float p10 = left && bottom ? source[below + channel] & 0xFF : 0;
          float p11 = right && bottom ? source[below + 3 + channel] & 0xFF : 0;
          float upper = p00 + fx * (p01 - p00);
          float lower = p10 + fx * (p11 - p10);
          crop[out + channel] = (byte) (int) Math.rint(upper + fy * (lower - upper));
        }
      }
    }
    return new Pixels(width, height, crop);
  }
}

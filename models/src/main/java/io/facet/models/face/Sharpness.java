package io.facet.models.face;

/** How sharp a crop is. */
public final class Sharpness {
  private Sharpness() {}

  /**
   * Variance of the Laplacian (four neighbours minus four times the pixel) of the grey image (0.114
   * B + 0.587 G + 0.299 R, 0..255) over its inner pixels; 0 for an image of fewer than 3x3 pixels.
   */
  public static float laplacianVariance(Pixels crop) {
    int width = crop.width();
    int height = crop.height();
    if (width < 3 || height < 3) {
      return 0;
    }
    float[] grey = grey(crop);
    double sum = 0;
    double squares = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int i = y * width + x;
        double value = grey[i - width] + grey[i - 1] + grey[i + 1] + grey[i + width] - 4 * grey[i];
        sum += value;
        squares += value * value;
      }
    }
    double count = (width - 2.0) * (height - 2.0);
    double mean = sum / count;
    return (float) Math.max(0, squares / count - mean * mean);
  }

  private static float[] grey(Pixels crop) {
    byte[] bgr = crop.bgr();
    float[] grey = new float[crop.width() * crop.height()];
    for (int i = 0; i < grey.length; i++) {
      grey[i] =
          0.114f * (bgr[i * 3] & 0xFF)
              + 0.587f * (bgr[i * 3 + 1] & 0xFF)
              + 0.299f * (bgr[i * 3 + 2] & 0xFF);
    }
    return grey;
  }
}

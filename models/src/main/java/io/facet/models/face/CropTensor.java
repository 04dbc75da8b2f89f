package io.facet.models.face;

import io.facet.models.DataException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A crop as the input of a network: planar floats (3, height, width) by its {@link Preprocessing}.
 */
public final class CropTensor {
  private CropTensor() {}

  /** Number of floats of one crop: {@code 3 * height * width}. */
  public static int size(Preprocessing preprocessing) {
    return 3 * preprocessing.height() * preprocessing.width();
  }

  /**
   * One crop as {@code (3, height, width)}.
   *
   * @param mirrored left and right exchanged
   * @throws DataException if the crop has another height or is narrower than the input
   */
  public static float[] chw(Pixels crop, Preprocessing preprocessing, boolean mirrored) {
    float[] values = new float[size(preprocessing)];
    put(crop, preprocessing, mirrored, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Writes one crop as {@code (3, height, width)} at the buffer's position and moves it on by
   * {@link #size}. An input narrower than the crop takes the middle columns.
   *
   * @param mirrored left and right exchanged
   * @throws DataException if the crop has another height or is narrower than the input
   */
  public static void put(
      Pixels crop, Preprocessing preprocessing, boolean mirrored, FloatBuffer target) {
    int width = preprocessing.width();
    int height = preprocessing.height();
    if (crop.height() != height || crop.width() < width) {
      throw new DataException(
          "a crop of %dx%d pixels does not fit a network input of %dx%d; align it to the template %s"
              .formatted(crop.width(), crop.height(), width, height, preprocessing.template()));
    }
    int left = (crop.width() - width) / 2;
    byte[] bgr = crop.bgr();
    float[] row = new float[width];
    for (int channel = 0; channel < 3; channel++) {
      float[] table = table(preprocessing, channel);
      int offset =
          preprocessing.colourOrder() == Preprocessing.ColourOrder.RGB ? 2 - channel : channel;
      for (int y = 0; y < height; y++) {
        int rowStart = y * crop.width();
        for (int x = 0; x < width; x++) {
          int column = mirrored ? crop.width() - 1 - left - x : left + x;
          row[x] = table[bgr[(rowStart + column) * 3 + offset] & 0xFF];
        }
        target.put(row);
      }
    }
  }

  private static float[] table(Preprocessing preprocessing, int channel) {
    List<Double> means = preprocessing.mean();
    List<Double> deviations = preprocessing.standardDeviation();
    double mean = means.get(channel);
    double deviation = deviations.get(channel);
    float[] table = new float[256];
    for (int value = 0; value < 256; value++) {
      table[value] = (float) ((value / 255.0 - mean) / deviation);
    }
    return table;
  }
}

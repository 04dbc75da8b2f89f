package io.facet.models.face;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A crop as the input of a network: planar floats (3, height, width) by its {@link Preprocessing}.
 */
public final class CropTensor {
  /** Values a colour of a pixel can have. */
  public static final int VALUES = 256;

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
    int left = left(crop, preprocessing);
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

  /**
   * Copies the pixels of one crop as {@code (height, width, 3)}, blue first, to the buffer's
   * position and moves it on by {@link #size}.
   *
   * @throws DataException as {@link #put}
   */
  public static void copy(Pixels crop, Preprocessing preprocessing, ByteBuffer target) {
    int left = left(crop, preprocessing);
    for (int y = 0; y < crop.height(); y++) {
      target.put(crop.bgr(), (y * crop.width() + left) * 3, preprocessing.width() * 3);
    }
  }

  /** First column of the crop that a network sees. */
  private static int left(Pixels crop, Preprocessing preprocessing) {
    int width = preprocessing.width();
    int height = preprocessing.height();
    if (crop.height() != height || crop.width() < width) {
      throw new DataException(
          "a crop of %dx%d pixels does not fit a network input of %dx%d; align it to the template %s"
              .formatted(crop.width(), crop.height(), width, height, preprocessing.template()));
    }
    return (crop.width() - width) / 2;
  }

  /** What each value of a pixel becomes in a channel of the input, {@link #VALUES} numbers. */
  public static float[] table(Preprocessing preprocessing, int channel) {
    List<Double> means = preprocessing.mean();
    List<Double> deviations = preprocessing.standardDeviation();
    double mean = means.get(channel);
    double deviation = deviations.get(channel);
    float[] table = new float[VALUES];
    for (int value = 0; value < VALUES; value++) {
      table[value] = (float) ((value / 255.0 - mean) / deviation);
    }
    return table;
  }
}

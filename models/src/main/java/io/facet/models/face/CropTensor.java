package io.facet.models.face;

import io.facet.models.DataException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A crop as the input of a network: planar floats (3, height, width) by its {@link Preprocessing}.
 */
public final class CropTensor {
  /** Values a colour of a pixel can have. */
  public static final int VALUES = 256;

  private static final int CHANNELS = 3;

  /** Few networks differ in them, and making them takes as long as a tenth of a crop. */
  private static final Map<Preprocessing, float[][]> TABLES = new ConcurrentHashMap<>();

  private CropTensor() {}

  /** Number of floats of one crop: {@code 3 * height * width}. */
  public static int size(Preprocessing preprocessing) {
    return CHANNELS * preprocessing.height() * preprocessing.width();
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
    int size = size(preprocessing);
    if (target.remaining() < size) {
      throw new BufferOverflowException(); // the array may go on behind the buffer
    }
    int width = preprocessing.width();
    int plane = size / CHANNELS;
    int left = left(crop, preprocessing);
    int first = mirrored ? crop.width() - 1 - left : left;
    int step = mirrored ? -CHANNELS : CHANNELS;
    float[][] tables = TABLES.computeIfAbsent(preprocessing, CropTensor::tables);
    boolean blueFirst = preprocessing.colourOrder() == Preprocessing.ColourOrder.BGR;
    float[] blue = tables[blueFirst ? 0 : 2];
    float[] green = tables[1];
    float[] red = tables[blueFirst ? 2 : 0];
    boolean inPlace = target.hasArray();
    float[] planes = inPlace ? target.array() : new float[size];
    int start = inPlace ? target.arrayOffset() + target.position() : 0;
    int blues = start + (blueFirst ? 0 : 2 * plane);
    int greens = start + plane;
    int reds = start + (blueFirst ? 2 * plane : 0);
    byte[] bgr = crop.bgr();
    for (int y = 0; y < preprocessing.height(); y++) {
      int pixel = (y * crop.width() + first) * CHANNELS;
      for (int i = y * width; i < (y + 1) * width; i++, pixel += step) {
        planes[blues + i] = blue[bgr[pixel] & 0xFF];
        planes[greens + i] = green[bgr[pixel + 1] & 0xFF];
        planes[reds + i] = red[bgr[pixel + 2] & 0xFF];
      }
    }
    if (inPlace) {
      target.position(target.position() + size);
    } else {
      target.put(planes);
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

  private static float[][] tables(Preprocessing preprocessing) {
    return IntStream.range(0, CHANNELS)
        .mapToObj(channel -> table(preprocessing, channel))
        .toArray(float[][]::new);
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

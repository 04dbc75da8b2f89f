package io.facet.models.train.augment;

import io.facet.models.face.Pixels;
import java.util.SplittableRandom;

/** Arithmetic on 8-bit channels that gives the same bytes on every machine. */
final class Channels {
  private Channels() {}

  /** Uniform in [low, high]; low where both are equal. */
  static double between(SplittableRandom random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /**
   * Refuses the ends of a range in the wrong order.
   *
   * @throws IllegalArgumentException naming both
   */
  static void requireOrdered(double smallest, double largest) {
    if (smallest > largest) {
      throw new IllegalArgumentException(
          "smallest is %s, more than largest %s".formatted(smallest, largest));
    }
  }

  /** The nearest byte. */
  static byte rounded(double value) {
    return (byte) (int) (Math.max(0, Math.min(255, value)) + 0.5);
  }

  /**
   * An image of another size, pixel (x, y) of which lies at {@code (x * stepX + left, y * stepY +
   * top)} of the source; bilinear between pixels, the border continued outside.
   */
  static Pixels sampled(
      Pixels source, int width, int height, double left, double stepX, double top, double stepY) {
    byte[] target = new byte[3 * width * height];
    byte[] bgr = source.bgr();
    for (int y = 0; y < height; y++) {
      double atY = Math.max(0, Math.min(source.height() - 1, y * stepY + top));
      int row = Math.min((int) atY, Math.max(0, source.height() - 2));
      double down = atY - row;
      int below = Math.min(row + 1, source.height() - 1);
      for (int x = 0; x < width; x++) {
        double atX = Math.max(0, Math.min(source.width() - 1, x * stepX + left));
        int column = Math.min((int) atX, Math.max(0, source.width() - 2));
        double right = atX - column;
        int next = Math.min(column + 1, source.width() - 1);
        for (int channel = 0; channel < 3; channel++) {
          double upper =
              mixed(
                  bgr,
                  (row * source.width() + column),
                  (row * source.width() + next),
                  channel,
                  right);
          double lower =
              mixed(
                  bgr,
                  (below * source.width() + column),
                  (below * source.width() + next),
                  channel,
                  right);
          target[3 * (y * width + x) + channel] = rounded(upper + (lower - upper) * down);
        }
      }
    }
    return new Pixels(width, height, target);
  }

  private static double mixed(byte[] bgr, int first, int second, int channel, double share) {
    int a = bgr[3 * first + channel] & 0xFF;
    int b = bgr[3 * second + channel] & 0xFF;
    return a + (b - a) * share;
  }
}

package io.facet.models.face;

import java.io.Serializable;

/**
 * A decoded picture: 8 bits a channel, interleaved BGR, row by row, no padding.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param bgr {@code height * width * 3} bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Pixels(int width, int height, byte[] bgr) implements Serializable {
  public Pixels {
    if (width < 1 || height < 1 || bgr.length != width * height * 3) {
      throw new IllegalArgumentException(
          "%d bytes are no %dx%d BGR picture".formatted(bgr.length, width, height));
    }
  }
}

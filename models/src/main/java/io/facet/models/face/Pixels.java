package io.facet.models.face;

import java.io.Serializable;

/**
 * A decoded image: 8 bits a channel, interleaved BGR, row by row, no padding.
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
          "%d bytes are not a %dx%d BGR image".formatted(bgr.length, width, height));
    }
  }

  /** Left and right exchanged. */
  public Pixels mirrored() {
    byte[] turned = new byte[bgr.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(bgr, (y * width + width - 1 - x) * 3, turned, (y * width + x) * 3, 3);
      }
    }
    return new Pixels(width, height, turned);
  }
}

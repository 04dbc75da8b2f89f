package io.facet.models.face;

import java.util.Random;

/** Small images made by tests. */
final class ImageFixtures {
  private ImageFixtures() {}

  /** Smooth colours with a little noise, so that every codec has something to do. */
  static Pixels gradient(int width, int height) {
    Random random = new Random(5);
    byte[] bgr = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = (y * width + x) * 3;
        bgr[i] = (byte) (x * 200 / width + random.nextInt(20));
        bgr[i + 1] = (byte) (y * 200 / height + random.nextInt(20));
        bgr[i + 2] = (byte) ((x + y) * 200 / (width + height) + random.nextInt(20));
      }
    }
    return new Pixels(width, height, bgr);
  }
}

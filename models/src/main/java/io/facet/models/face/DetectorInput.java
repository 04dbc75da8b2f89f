package io.facet.models.face;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** The image as a detector sees it: shrunk to a longest side, padded at the right and bottom. */
final class DetectorInput {
  private DetectorInput() {}

  /** The smallest multiple of the step that is not smaller. */
  static int padded(int side, int step) {
    return (side + step - 1) / step * step;
  }

  /** The image with its longer side at most that long; images are never enlarged. */
  static Pixels shrunk(Pixels image, int longestSide) {
    int longer = Math.max(image.width(), image.height());
    if (longer <= longestSide) {
      return image;
    }
    double factor = (double) longestSide / longer;
    int width = (int) Math.max(1, Math.rint(image.width() * factor));
    int height = (int) Math.max(1, Math.rint(image.height() * factor));
    NativeImaging.version();
    try (BytePointer data = new BytePointer(image.bgr());
        Mat source = new Mat(image.height(), image.width(), opencv_core.CV_8UC3, data);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_AREA);
      byte[] bgr = new byte[width * height * 3];
      target.data().get(bgr);
      return new Pixels(width, height, bgr);
    }
  }

  /** The image inside a black border of that many pixels on every side. */
  static Pixels framed(Pixels image, int border) {
    int width = image.width() + 2 * border;
    int height = image.height() + 2 * border;
    byte[] bgr = new byte[width * height * 3];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(
          image.bgr(),
          y * image.width() * 3,
          bgr,
          ((y + border) * width + border) * 3,
          image.width() * 3);
    }
    return new Pixels(width, height, bgr);
  }

  /**
   * Writes {@code (3, paddedHeight, paddedWidth)} from the buffer's start: B, G, R planes in
   * 0..255, padding 0.
   */
  static void planes(Pixels image, int paddedWidth, int paddedHeight, FloatBuffer target) {
    byte[] bgr = image.bgr();
    int width = image.width();
    float[] row = new float[paddedWidth];
    float[] empty = new float[paddedWidth];
    target.position(0);
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < image.height(); y++) {
        int at = y * width * 3 + channel;
        for (int x = 0; x < width; x++, at += 3) {
          row[x] = bgr[at] & 0xFF;
        }
        target.put(row);
      }
      for (int y = image.height(); y < paddedHeight; y++) {
        target.put(empty);
      }
    }
  }
}

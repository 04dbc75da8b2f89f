package io.facet.models.face;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** The picture as a detector sees it: shrunk to a longest side, padded at the right and bottom. */
final class DetectorInput {
  private DetectorInput() {}

  /** The smallest multiple of the step that is not smaller. */
  static int padded(int side, int step) {
    return (side + step - 1) / step * step;
  }

  /** The picture with its longer side at most that long; pictures are never enlarged. */
  static Pixels shrunk(Pixels picture, int longestSide) {
    int longer = Math.max(picture.width(), picture.height());
    if (longer <= longestSide) {
      return picture;
    }
    double factor = (double) longestSide / longer;
    int width = (int) Math.max(1, Math.rint(picture.width() * factor));
    int height = (int) Math.max(1, Math.rint(picture.height() * factor));
    NativeImaging.version();
    try (BytePointer data = new BytePointer(picture.bgr());
        Mat source = new Mat(picture.height(), picture.width(), opencv_core.CV_8UC3, data);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_AREA);
      byte[] bgr = new byte[width * height * 3];
      target.data().get(bgr);
      return new Pixels(width, height, bgr);
    }
  }

  /** The picture inside a black border of that many pixels on every side. */
  static Pixels framed(Pixels picture, int border) {
    int width = picture.width() + 2 * border;
    int height = picture.height() + 2 * border;
    byte[] bgr = new byte[width * height * 3];
    for (int y = 0; y < picture.height(); y++) {
      System.arraycopy(
          picture.bgr(),
          y * picture.width() * 3,
          bgr,
          ((y + border) * width + border) * 3,
          picture.width() * 3);
    }
    return new Pixels(width, height, bgr);
  }

  /**
   * Writes {@code (3, paddedHeight, paddedWidth)} from the buffer's start: B, G, R planes in
   * 0..255, padding 0.
   */
  static void planes(Pixels picture, int paddedWidth, int paddedHeight, FloatBuffer target) {
    byte[] bgr = picture.bgr();
    int width = picture.width();
    float[] row = new float[paddedWidth];
    float[] empty = new float[paddedWidth];
    target.position(0);
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < picture.height(); y++) {
        int at = y * width * 3 + channel;
        for (int x = 0; x < width; x++, at += 3) {
          row[x] = bgr[at] & 0xFF;
        }
        target.put(row);
      }
      for (int y = picture.height(); y < paddedHeight; y++) {
        target.put(empty);
      }
    }
  }
}

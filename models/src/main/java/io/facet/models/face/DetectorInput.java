package io.facet.models.face;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
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
    return resized(image, width, height, opencv_imgproc.INTER_AREA);
  }

  /** The image with its longer side that long. */
  static Pixels fitted(Pixels image, int longestSide) {
    int longer = Math.max(image.width(), image.height());
    if (longer >= longestSide) {
      return shrunk(image, longestSide);
    }
    int width = Math.max(1, image.width() * longestSide / longer);
    int height = Math.max(1, image.height() * longestSide / longer);
    return resized(image, width, height, opencv_imgproc.INTER_LINEAR);
  }

  private static Pixels resized(Pixels image, int width, int height, int interpolation) {
    NativeImaging.version();
    try (BytePointer data = new BytePointer(image.bgr());
        Mat source = new Mat(image.height(), image.width(), opencv_core.CV_8UC3, data);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(source, target, size, 0, 0, interpolation);
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

  /**
   * Faces in pixels of an image that a detector saw in another size, and perhaps with a border;
   * pixels have their middles at whole numbers.
   *
   * @param framed the image, inside its border if it has one
   * @param seen the same in the detector's size
   * @param border in pixels of the image
   */
  static List<DetectedFace> inImage(
      List<DetectedFace> faces, Pixels framed, Pixels seen, int border) {
    float scaleX = (float) framed.width() / seen.width();
    float scaleY = (float) framed.height() / seen.height();
    if (scaleX == 1 && scaleY == 1 && border == 0) {
      return faces;
    }
    float shiftX = (scaleX - 1) / 2 - border;
    float shiftY = (scaleY - 1) / 2 - border;
    List<DetectedFace> result = new ArrayList<>();
    for (DetectedFace face : faces) {
      float[] landmarks = face.landmarks().clone();
      for (int i = 0; i < landmarks.length; i += 2) {
        landmarks[i] = landmarks[i] * scaleX + shiftX;
        landmarks[i + 1] = landmarks[i + 1] * scaleY + shiftY;
      }
      result.add(
          new DetectedFace(
              face.x() * scaleX + shiftX,
              face.y() * scaleY + shiftY,
              face.width() * scaleX,
              face.height() * scaleY,
              landmarks,
              face.score()));
    }
    return result;
  }
}

package io.facet.models.face;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Encoded bytes to pixels: the one decoder of the project.
 *
 * <p>Every image becomes 8-bit BGR: grey is repeated, 16 bits are reduced, a palette is looked up,
 * CMYK is converted, transparency is dropped and not blended, colour profiles are ignored. The EXIF
 * orientation is applied. Safe to use from several threads.
 */
public final class ImageDecoder {
  private ImageDecoder() {}

  /**
   * Decodes within the {@linkplain ImageLimits#STANDARD usual limits}.
   *
   * @throws ImageException if these bytes are not a complete image within the limits
   */
  public static Pixels decode(byte[] encoded) {
    return decode(encoded, ImageLimits.STANDARD);
  }

  /**
   * Decodes an image that keeps to the limits.
   *
   * @throws ImageException if these bytes are not a complete image within the limits
   */
  public static Pixels decode(byte[] encoded, ImageLimits limits) {
    return decode(encoded, ImageProbe.probe(encoded, limits));
  }

  /** Decodes an image that was probed before. */
  static Pixels decode(byte[] encoded, ImageHeader header) {
    NativeImaging.version();
    try (BytePointer data = new BytePointer(encoded);
        Mat source = new Mat(1, encoded.length, opencv_core.CV_8UC1, data);
        Mat image = opencv_imgcodecs.imdecode(source, opencv_imgcodecs.IMREAD_COLOR)) {
      if (image == null || image.empty()) {
        throw unreadable(header, "its content is damaged", null);
      }
      if (image.type() != opencv_core.CV_8UC3) {
        throw unreadable(header, "it decodes to type " + image.type(), null);
      }
      return copy(image);
    } catch (ImageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(header, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private static Pixels copy(Mat image) {
    int width = image.cols();
    int height = image.rows();
    byte[] bgr = new byte[width * height * 3];
    if (image.isContinuous()) {
      image.data().get(bgr);
    } else {
      ByteBuffer rows = image.createBuffer();
      int stride = Math.toIntExact(image.step());
      for (int y = 0; y < height; y++) {
        rows.get(y * stride, bgr, y * width * 3, width * 3);
      }
    }
    return new Pixels(width, height, bgr);
  }

  private static ImageException unreadable(ImageHeader header, String why, Throwable cause) {
    return new ImageException(
        RejectReason.UNREADABLE,
        "a %s image of %dx%d that cannot be decoded: %s"
            .formatted(header.format(), header.width(), header.height(), why),
        cause);
  }
}

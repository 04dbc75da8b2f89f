package io.facet.models.face;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Encoded bytes to pixels: the one decoder of the project.
 *
 * <p>Every picture becomes 8-bit BGR: grey is repeated, 16 bits are reduced, a palette is looked
 * up, CMYK is converted, transparency is dropped and not blended, colour profiles are ignored. The
 * EXIF orientation is applied. Safe to use from several threads.
 */
public final class ImageDecoder {
  private ImageDecoder() {}

  /**
   * Decodes within the {@linkplain ImageLimits#STANDARD usual limits}.
   *
   * @throws PictureException if these bytes are no complete picture within the limits
   */
  public static Pixels decode(byte[] encoded) {
    return decode(encoded, ImageLimits.STANDARD);
  }

  /**
   * Decodes a picture that keeps to the limits.
   *
   * @throws PictureException if these bytes are no complete picture within the limits
   */
  public static Pixels decode(byte[] encoded, ImageLimits limits) {
    return decode(encoded, ImageProbe.probe(encoded, limits));
  }

  /** Decodes a picture that was probed before. */
  static Pixels decode(byte[] encoded, ImageHeader header) {
    NativeImaging.version();
    try (BytePointer data = new BytePointer(encoded);
        Mat source = new Mat(1, encoded.length, opencv_core.CV_8UC1, data);
        Mat picture = opencv_imgcodecs.imdecode(source, opencv_imgcodecs.IMREAD_COLOR)) {
      if (picture == null || picture.empty()) {
        throw unreadable(header, "its content is damaged", null);
      }
      if (picture.type() != opencv_core.CV_8UC3) {
        throw unreadable(header, "it decodes to type " + picture.type(), null);
      }
      return copy(picture);
    } catch (PictureException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(header, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private static Pixels copy(Mat picture) {
    int width = picture.cols();
    int height = picture.rows();
    byte[] bgr = new byte[width * height * 3];
    if (picture.isContinuous()) {
      picture.data().get(bgr);
    } else {
      ByteBuffer rows = picture.createBuffer();
      int stride = Math.toIntExact(picture.step());
      for (int y = 0; y < height; y++) {
        rows.get(y * stride, bgr, y * width * 3, width * 3);
      }
    }
    return new Pixels(width, height, bgr);
  }

  private static PictureException unreadable(ImageHeader header, String why, Throwable cause) {
    return new PictureException(
        RejectReason.UNREADABLE,
        "a %s picture of %dx%d that cannot be decoded: %s"
            .formatted(header.format(), header.width(), header.height(), why),
        cause);
  }
}

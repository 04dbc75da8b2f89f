package io.facet.models.face;

import io.facet.models.format.Impostor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Looks at an encoded image without decoding it: type by content, size, completeness.
 *
 * <p>Decoders turn half a JPEG into a whole image without a word, and a 50 kB PNG into gigabytes;
 * both are found here, in microseconds. Damage that keeps the structure whole (a changed byte in
 * the coefficients) is not.
 */
public final class ImageProbe {
  private ImageProbe() {}

  /**
   * The header of a complete image within the limits.
   *
   * @throws ImageException if it is empty, of an unknown type, truncated, unreadable, too large or
   *     too small
   */
  public static ImageHeader probe(byte[] encoded, ImageLimits limits) {
    if (encoded.length == 0) {
      throw new ImageException(RejectReason.EMPTY_FILE, "the file has no bytes");
    }
    if (encoded.length > limits.maximumBytes()) {
      throw new ImageException(
          RejectReason.TOO_MANY_BYTES,
          "%d bytes, more than the limit of %d".formatted(encoded.length, limits.maximumBytes()));
    }
    ImageFormat format =
        ImageFormat.of(encoded)
            .orElseThrow(() -> new ImageException(RejectReason.UNKNOWN_TYPE, unknown(encoded)));
    ByteCursor cursor = new ByteCursor(encoded, format);
    ImageHeader header =
        switch (format) {
          case JPEG -> JpegStructure.walk(cursor);
          case PNG -> PngStructure.walk(cursor);
          case WEBP -> WebpStructure.walk(cursor);
          case BMP -> BmpStructure.walk(cursor);
        };
    check(header, limits);
    return header;
  }

  private static void check(ImageHeader header, ImageLimits limits) {
    int width = header.width();
    int height = header.height();
    if (width < 1 || height < 1) {
      throw new ImageException(
          RejectReason.UNREADABLE, "its header says %dx%d pixels".formatted(width, height));
    }
    if ((long) width * height > limits.maximumPixels()) {
      throw new ImageException(
          RejectReason.TOO_MANY_PIXELS,
          "%dx%d pixels, more than the limit of %d"
              .formatted(width, height, limits.maximumPixels()));
    }
    if (Math.min(width, height) < limits.minimumSide()) {
      throw new ImageException(
          RejectReason.TOO_SMALL,
          "%dx%d pixels, shorter than %d".formatted(width, height, limits.minimumSide()));
    }
  }

  private static String unknown(byte[] encoded) {
    Optional<String> other =
        OtherImage.of(encoded)
            .map(type -> "it is a %s image; convert it to JPEG or PNG".formatted(type.title()))
            .or(
                () ->
                    Impostor.of(Arrays.copyOf(encoded, Math.min(encoded.length, Impostor.BYTES)))
                        .map(kind -> "it " + kind.phrase()));
    return other.orElseGet(() -> "no JPEG, PNG, WebP or BMP: it begins with " + beginning(encoded));
  }

  private static String beginning(byte[] encoded) {
    return HexFormat.ofDelimiter(" ").formatHex(encoded, 0, Math.min(8, encoded.length));
  }
}

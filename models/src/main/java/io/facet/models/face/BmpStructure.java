package io.facet.models.face;

/** Reads the header of a Windows bitmap. */
final class BmpStructure {
  private static final int OLD_HEADER = 12;

  private BmpStructure() {}

  static ImageHeader walk(ByteCursor cursor) {
    cursor.seek(10);
    long pixelsAt = cursor.littleEndian32();
    long headerSize = cursor.littleEndian32();
    long width;
    long height;
    int bits;
    long compression = 0;
    if (headerSize == OLD_HEADER) {
      width = cursor.littleEndian16();
      height = cursor.littleEndian16();
      cursor.skip(2); // planes
      bits = cursor.littleEndian16();
    } else {
      width = (int) cursor.littleEndian32();
      height = Math.abs((long) (int) cursor.littleEndian32()); // negative: top row first
      cursor.skip(2);
      bits = cursor.littleEndian16();
      compression = cursor.littleEndian32();
    }
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw cursor.unreadable("%dx%d pixels".formatted(width, height));
    }
    boolean raw = compression == 0;
    if (raw && width > 0) {
      long rowBytes = (width * bits + 31) / 32 * 4;
      if (rowBytes * height > cursor.length() - pixelsAt) {
        throw cursor.truncated();
      }
    }
    return new ImageHeader(ImageFormat.BMP, (int) width, (int) height);
  }
}

package io.facet.models.face;

/** Walks the chunks of a PNG to its end chunk. */
final class PngStructure {
  private static final long HEADER = 0x49484452L; // IHDR
  private static final long END = 0x49454E44L; // IEND
  private static final int CHECKSUM_BYTES = 4;

  private PngStructure() {}

  static ImageHeader walk(ByteCursor cursor) {
    cursor.seek(8);
    long headerLength = cursor.bigEndian32();
    if (cursor.bigEndian32() != HEADER || headerLength != 13) {
      throw cursor.unreadable("it does not begin with a header chunk");
    }
    long width = cursor.bigEndian32();
    long height = cursor.bigEndian32();
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw cursor.unreadable("%dx%d pixels".formatted(width, height));
    }
    cursor.skip(headerLength - 8 + CHECKSUM_BYTES);
    while (true) {
      long length = cursor.bigEndian32();
      long type = cursor.bigEndian32();
      cursor.skip(length + CHECKSUM_BYTES);
      if (type == END) {
        return new ImageHeader(ImageFormat.PNG, (int) width, (int) height);
      }
    }
  }
}

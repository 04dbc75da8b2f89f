package io.facet.models.face;

/** Walks the chunks of a WebP file; lossy, lossless and extended. */
final class WebpStructure {
  private static final long LOSSY = 0x20385056L; // "VP8 "
  private static final long LOSSLESS = 0x4C385056L; // "VP8L"
  private static final long EXTENDED = 0x58385056L; // "VP8X"

  private WebpStructure() {}

  static ImageHeader walk(ByteCursor cursor) {
    cursor.seek(4);
    long end = cursor.littleEndian32() + 8;
    if (end > cursor.length()) {
      throw cursor.truncated();
    }
    cursor.seek(12);
    int width = 0;
    int height = 0;
    while (cursor.position() + 8L <= end) {
      long type = cursor.littleEndian32();
      long length = cursor.littleEndian32();
      int start = cursor.position();
      if (type == EXTENDED) {
        cursor.skip(4);
        width = Math.max(width, cursor.littleEndian24() + 1);
        height = Math.max(height, cursor.littleEndian24() + 1);
      } else if (type == LOSSY) {
        cursor.skip(6); // frame tag and start code
        width = Math.max(width, cursor.littleEndian16() & 0x3FFF);
        height = Math.max(height, cursor.littleEndian16() & 0x3FFF);
      } else if (type == LOSSLESS) {
        cursor.skip(1); // signature
        long bits = cursor.littleEndian32();
        width = Math.max(width, (int) (bits & 0x3FFF) + 1);
        height = Math.max(height, (int) (bits >> 14 & 0x3FFF) + 1);
      }
      long next = start + length + (length & 1);
      cursor.seek(Math.min(next, Math.max(end, start + length)));
    }
    return new ImageHeader(ImageFormat.WEBP, width, height);
  }
}

package io.facet.models.face;

/** Walks the markers of a JPEG from its start to its end-of-image marker. */
final class JpegStructure {
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;

  private JpegStructure() {}

  /** The frame's size; bytes after the end-of-image marker are accepted, as decoders do. */
  static ImageHeader walk(ByteCursor cursor) {
    cursor.seek(2);
    int width = 0;
    int height = 0;
    while (true) {
      int marker = nextMarker(cursor);
      if (marker == END_OF_IMAGE) {
        return new ImageHeader(ImageFormat.JPEG, width, height);
      }
      if (!hasSegment(marker)) {
        continue;
      }
      int start = cursor.position();
      int length = cursor.bigEndian16();
      if (length < 2) {
        throw cursor.unreadable("a segment of %d bytes at offset %d".formatted(length, start));
      }
      if (isFrame(marker)) {
        cursor.skip(1); // bits a sample
        height = Math.max(height, cursor.bigEndian16());
        width = Math.max(width, cursor.bigEndian16());
      }
      if (marker == START_OF_SCAN && width == 0) {
        throw cursor.unreadable("a scan without a frame header");
      }
      cursor.seek((long) start + length);
    }
  }

  /**
   * Code of the next marker. Entropy-coded data are passed over: in them 0xFF is followed by 0 (a
   * stuffed byte) or by a restart marker.
   */
  private static int nextMarker(ByteCursor cursor) {
    int value = cursor.next();
    while (true) {
      while (value != 0xFF) {
        value = cursor.next();
      }
      while (value == 0xFF) {
        value = cursor.next();
      }
      if (value != 0) {
        return value;
      }
    }
  }

  private static boolean hasSegment(int marker) {
    return marker != 0x01 && (marker < 0xD0 || marker > 0xD8);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }
}

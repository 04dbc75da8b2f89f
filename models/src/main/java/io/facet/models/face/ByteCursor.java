package io.facet.models.face;

/** A position in an encoded image; reading past the end means that the image is truncated. */
final class ByteCursor {
  private final byte[] bytes;
  private final ImageFormat format;
  private int position;

  ByteCursor(byte[] bytes, ImageFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  int position() {
    return position;
  }

  int length() {
    return bytes.length;
  }

  /** Goes to an absolute offset, at most the end of the bytes. */
  void seek(long offset) {
    if (offset > bytes.length) {
      throw truncated();
    }
    position = (int) offset;
  }

  void skip(long count) {
    seek(position + count);
  }

  int next() {
    if (position >= bytes.length) {
      throw truncated();
    }
    return bytes[position++] & 0xFF;
  }

  int bigEndian16() {
    return next() << 8 | next();
  }

  long bigEndian32() {
    return (long) bigEndian16() << 16 | bigEndian16();
  }

  int littleEndian16() {
    return next() | next() << 8;
  }

  int littleEndian24() {
    return littleEndian16() | next() << 16;
  }

  long littleEndian32() {
    return littleEndian16() | (long) littleEndian16() << 16;
  }

  ImageException truncated() {
    return new ImageException(
        RejectReason.TRUNCATED,
        "a %s image that ends early, after %d bytes".formatted(format, bytes.length));
  }

  ImageException unreadable(String why) {
    return new ImageException(
        RejectReason.UNREADABLE, "no valid %s image: %s".formatted(format, why));
  }
}

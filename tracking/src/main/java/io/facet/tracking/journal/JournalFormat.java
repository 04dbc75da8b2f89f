package io.facet.tracking.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The bytes of a journal. A segment file begins with an eight-byte magic word; each record is its
 * length and the CRC-32C of its payload (both 32 bits, big endian), then the payload.
 */
final class JournalFormat {
  static final int MAGIC_BYTES = 8;
  static final int HEADER_BYTES = 8;
  static final int LARGEST_RECORD = 32 << 20;
  private static final byte[] MAGIC = "FACETJ01".getBytes(StandardCharsets.US_ASCII);

  private JournalFormat() {}

  static ByteBuffer magic() {
    return ByteBuffer.wrap(MAGIC.clone());
  }

  static boolean isMagic(ByteBuffer start) {
    return start.remaining() >= MAGIC_BYTES
        && ByteBuffer.wrap(MAGIC).equals(start.slice(start.position(), MAGIC_BYTES));
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  static Path segment(Path folder, int number) {
    return folder.resolve(String.format("journal-%08d.log", number));
  }
}

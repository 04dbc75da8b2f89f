package io.facet.transforms.attempt;

import io.facet.transforms.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Bytes with a checksum, so that a reader can tell a whole file from one whose writer died.
 *
 * <p>Layout: {@code FACETSL1}, number (8 bytes, big-endian), length (8), SHA-256 of number, length
 * and payload (32), payload.
 *
 * @param number the step or segment
 * @param payload the bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record Sealed(long number, byte[] payload) {
  private static final byte[] MAGIC = "FACETSL1".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH = 32;
  private static final int HEADER = MAGIC.length + 2 * Long.BYTES + HASH;

  byte[] toBytes() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put(MAGIC)
        .putLong(number)
        .putLong(payload.length)
        .put(hash())
        .put(payload)
        .array();
  }

  /** What was sealed, or empty if the bytes are not whole. */
  static Optional<Sealed> parse(byte[] bytes) {
    if (bytes.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    buffer.get(magic);
    long number = buffer.getLong();
    long length = buffer.getLong();
    byte[] hash = new byte[HASH];
    buffer.get(hash);
    if (!Arrays.equals(magic, MAGIC) || length != buffer.remaining()) {
      return Optional.empty();
    }
    Sealed sealed = new Sealed(number, Arrays.copyOfRange(bytes, HEADER, bytes.length));
    return MessageDigest.isEqual(hash, sealed.hash()) ? Optional.of(sealed) : Optional.empty();
  }

  /**
   * What is wrong with bytes that are all there but not the ones that were sealed: expected and
   * found. Empty if they are whole, or cut short because their writer died.
   */
  static Optional<String> damage(byte[] bytes) {
    if (bytes.length < HEADER || parse(bytes).isPresent()) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    buffer.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      return Optional.of("expected the seal of Facet at its start, found other bytes");
    }
    long number = buffer.getLong();
    long length = buffer.getLong();
    byte[] hash = new byte[HASH];
    buffer.get(hash);
    if (length > buffer.remaining()) {
      return Optional.empty();
    }
    byte[] payload = Arrays.copyOfRange(bytes, HEADER, bytes.length);
    return Optional.of(
        "expected SHA-256 %s, found %s"
            .formatted(shortened(hash), shortened(new Sealed(number, payload).hash())));
  }

  /** The beginning of a hash, for messages. */
  static String shortened(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, 6) + "...";
  }

  private byte[] hash() {
    MessageDigest digest = Sha256.begin();
    digest.update(
        ByteBuffer.allocate(2 * Long.BYTES).putLong(number).putLong(payload.length).array());
    return digest.digest(payload);
  }
}

package io.facet.transforms.attempt;

import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.file.Sha256;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes of any number with a checksum behind them, so that a reader can tell a whole file from one
 * whose writer died. {@link Sealed} is its like for what fits in memory.
 *
 * <p>Layout: {@code FACETSL2}, number (8 bytes, big-endian), payload, SHA-256 of all before (32),
 * {@code FACETEND}.
 */
final class SealedStream {
  private static final byte[] MAGIC = "FACETSL2".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "FACETEND".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH = 32;
  private static final int HEADER = MAGIC.length + Long.BYTES;
  private static final int TRAILER = HASH + END.length;

  /** What a file turned out to be. */
  enum State {
    WHOLE,
    /** Its writer died. */
    CUT_SHORT,
    /** All there, but not the bytes that were sealed. */
    DAMAGED
  }

  /**
   * A file that was read from end to end.
   *
   * @param state what it is
   * @param number the step, if it is whole
   * @param damage expected and found, if it is damaged
   */
  record Checked(State state, long number, Optional<String> damage) {
    private static Checked damaged(String text) {
      return new Checked(State.DAMAGED, -1, Optional.of(text));
    }
  }

  private SealedStream() {}

  /** Writes a number and a payload. */
  static void write(OutputStream to, long number, CheckpointStore.Content payload)
      throws IOException {
    MessageDigest digest = Sha256.begin();
    DigestOutputStream out = new DigestOutputStream(to, digest);
    out.write(ByteBuffer.allocate(HEADER).put(MAGIC).putLong(number).array());
    payload.writeTo(out);
    out.flush();
    to.write(digest.digest());
    to.write(END);
    to.flush();
  }

  /**
   * Reads a file once.
   *
   * @param size its bytes
   */
  static Checked check(InputStream from, long size) throws IOException {
    if (size < HEADER + TRAILER) {
      return new Checked(State.CUT_SHORT, -1, Optional.empty());
    }
    MessageDigest digest = Sha256.begin();
    DigestInputStream in = new DigestInputStream(from, digest);
    byte[] header = in.readNBytes(HEADER);
    byte[] buffer = new byte[1 << 16];
    for (long left = size - HEADER - TRAILER; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
      left -= read;
    }
    byte[] trailer = from.readNBytes(TRAILER);
    if (!Arrays.equals(MAGIC, Arrays.copyOf(header, MAGIC.length))) {
      return Checked.damaged("expected the seal of Facet at its start, found other bytes");
    }
    if (!Arrays.equals(END, Arrays.copyOfRange(trailer, HASH, trailer.length))) {
      return new Checked(State.CUT_SHORT, -1, Optional.empty());
    }
    byte[] expected = Arrays.copyOf(trailer, HASH);
    byte[] found = digest.digest();
    return MessageDigest.isEqual(expected, found)
        ? new Checked(State.WHOLE, ByteBuffer.wrap(header).getLong(MAGIC.length), Optional.empty())
        : Checked.damaged(
            "expected SHA-256 %s, found %s"
                .formatted(Sealed.shortened(expected), Sealed.shortened(found)));
  }

  /**
   * The payload of a whole file; closing it closes the file.
   *
   * @param size bytes of the file
   */
  static InputStream payload(InputStream file, long size) throws IOException {
    file.skipNBytes(HEADER);
    return new FilterInputStream(file) {
      private long left = size - HEADER - TRAILER;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int read = in.read(into, from, (int) Math.min(length, left));
        left -= Math.max(0, read);
        return read;
      }

      @Override
      public long skip(long count) {
        return 0;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }
}

package io.facet.transforms.row;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;

/**
 * The coder of text between workers, shorter than Beam's where it begins with a SHA-256, as ids of
 * images and faces do: its 64 hexadecimal digits become 32 bytes.
 *
 * <p>Twice the length of the UTF-8 bytes comes first, as a variable-length integer. It is odd if
 * the 32 bytes come next, and then counts only what follows these. Deterministic.
 */
public final class TextCoder extends AtomicCoder<String> {
  private static final long serialVersionUID = 1L;

  private static final TextCoder INSTANCE = new TextCoder();
  private static final int HASH_BYTES = 32;
  private static final int HASH_DIGITS = 2 * HASH_BYTES;

  private TextCoder() {}

  /** The coder. */
  public static TextCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(String text, OutputStream out) throws IOException {
    if (text == null) {
      throw new CoderException("a null text cannot be encoded");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] hash = new byte[HASH_BYTES];
    if (readHash(bytes, hash)) {
      VarInt.encode(2L * (bytes.length - HASH_DIGITS) + 1, out);
      out.write(hash);
      out.write(bytes, HASH_DIGITS, bytes.length - HASH_DIGITS);
    } else {
      VarInt.encode(2L * bytes.length, out);
      out.write(bytes);
    }
  }

  @Override
  public String decode(InputStream in) throws IOException {
    long twice = VarInt.decodeLong(in);
    String hash =
        twice % 2 == 0 ? "" : HexFormat.of().formatHex(RecordCoder.readBytes(HASH_BYTES, in));
    byte[] rest = RecordCoder.readBytes(Math.toIntExact(twice / 2), in);
    return hash + new String(rest, StandardCharsets.UTF_8);
  }

  /** Whether text begins with the digits of a hash, which goes to {@code hash} then. */
  private static boolean readHash(byte[] text, byte[] hash) {
    if (text.length < HASH_DIGITS) {
      return false;
    }
    for (int i = 0; i < HASH_BYTES; i++) {
      int high = value(text[2 * i]);
      int low = value(text[2 * i + 1]);
      if (high < 0 || low < 0) {
        return false;
      }
      hash[i] = (byte) (high << 4 | low);
    }
    return true;
  }

  /** Of a lower-case hexadecimal digit, else -1. */
  private static int value(byte digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}

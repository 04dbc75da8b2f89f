package io.facet.models.face;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The image types that are read, told apart by their first bytes and never by their name. */
public enum ImageFormat {
  JPEG,
  PNG,
  WEBP,
  BMP;

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  private final String key = name().toLowerCase(Locale.ROOT);

  /** Lower-case name, as in the {@code format} column of tables. */
  public String key() {
    return key;
  }

  /** The type these bytes begin like; empty when they begin like none of them. */
  public static Optional<ImageFormat> of(byte[] encoded) {
    if (startsWith(encoded, 0, (byte) 0xFF, (byte) 0xD8)) {
      return Optional.of(JPEG);
    }
    if (startsWith(encoded, 0, PNG_SIGNATURE)) {
      return Optional.of(PNG);
    }
    if (startsWith(encoded, 0, (byte) 'R', (byte) 'I', (byte) 'F', (byte) 'F')
        && startsWith(encoded, 8, (byte) 'W', (byte) 'E', (byte) 'B', (byte) 'P')) {
      return Optional.of(WEBP);
    }
    if (startsWith(encoded, 0, (byte) 'B', (byte) 'M')) {
      return Optional.of(BMP);
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int from, byte... prefix) {
    return bytes.length >= from + prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }
}

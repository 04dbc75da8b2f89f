package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Text files as people bring them: UTF-8, or UTF-16 with a byte order mark; the mark goes. */
public final class TextFile {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private TextFile() {}

  /**
   * The text of a file.
   *
   * @param name of the file, for error messages
   * @throws DataException if it is something else than text, or text of another encoding; names the
   *     line
   */
  public static String text(byte[] bytes, String name) {
    Impostor.of(Arrays.copyOf(bytes, Math.min(bytes.length, Impostor.BYTES)))
        .filter(kind -> kind != Impostor.EMPTY)
        .ifPresent(
            kind -> {
              throw kind.refusal(name);
            });
    Charset charset = charset(bytes);
    try {
      return withoutMark(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new DataException(
          "%s%s is not encoded in UTF-8; save the file as UTF-8"
              .formatted(name, line(bytes, charset).map(n -> ", line " + n).orElse("")),
          e);
    }
  }

  /** A text without the byte order mark that some programs put before it. */
  static String withoutMark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private static Charset charset(byte[] bytes) {
    if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
      return StandardCharsets.UTF_16LE;
    }
    return bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
        ? StandardCharsets.UTF_16BE
        : StandardCharsets.UTF_8;
  }

  /** The first line, from 1, that is not UTF-8. */
  private static Optional<Integer> line(byte[] bytes, Charset charset) {
    if (charset != StandardCharsets.UTF_8) {
      return Optional.empty();
    }
    int start = 0;
    int line = 1;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n') {
        try {
          charset.newDecoder().decode(ByteBuffer.wrap(bytes, start, i - start));
        } catch (CharacterCodingException e) {
          return Optional.of(line);
        }
        start = i + 1;
        line++;
      }
    }
    return Optional.empty();
  }
}

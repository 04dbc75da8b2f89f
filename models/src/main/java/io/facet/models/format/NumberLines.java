package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of words and numbers between blanks, read byte by byte: lists of millions of lines without
 * a text of each. Empty lines are passed over.
 */
final class NumberLines {
  private static final int END = -1;

  /** So many digits always fit an int. */
  private static final int SHORT = 9;

  private final InputStream in;
  private final String origin;
  private final byte[] buffer = new byte[1 << 16];
  private int filled;
  private int next;
  private int line = 1;
  private byte[] word = new byte[64];

  /**
   * Reads from the start of a file.
   *
   * @param origin its name, for messages
   */
  NumberLines(InputStream in, String origin) {
    this.in = in;
    this.origin = origin;
  }

  /** Goes to the first word of the next line that has one; false at the end of the file. */
  boolean nextLine() throws IOException {
    while (true) {
      int c = peek();
      if (c == END) {
        return false;
      }
      if (c != '\n' && !isBlank(c)) {
        return true;
      }
      line += c == '\n' ? 1 : 0;
      next++;
    }
  }

  /** {@code FILE, line 7}. */
  String where() {
    return origin + ", line " + line;
  }

  /**
   * The next word of the line.
   *
   * @param field what it is, for messages
   * @throws DataException if the line has ended
   */
  String word(String field) throws IOException {
    return new String(word, 0, read(field), StandardCharsets.UTF_8);
  }

  /** The next word as a whole number; fails as {@link #word}, and if it is none. */
  int integer(String field) throws IOException {
    skipBlanks();
    int place = next;
    int number = 0;
    for (int last = Math.min(filled, next + SHORT);
        place < last && isDigit(buffer[place]);
        place++) {
      number = 10 * number + buffer[place] - '0';
    }
    if (place > next && place < filled && (isBlank(buffer[place]) || buffer[place] == '\n')) {
      next = place;
      return number;
    }
    return copiedInteger(field);
  }

  /** Any other word than a few digits inside of what was read. */
  private int copiedInteger(String field) throws IOException {
    int length = read(field);
    int start = word[0] == '-' ? 1 : 0;
    long value = 0;
    for (int i = start; i < length; i++) {
      if (!isDigit(word[i]) || length > 11) {
        throw malformed(field, length, "a whole number");
      }
      value = 10 * value + word[i] - '0';
    }
    value = start == 1 ? -value : value;
    if (length == start || value != (int) value) {
      throw malformed(field, length, "a whole number of 32 bits");
    }
    return (int) value;
  }

  /** The next word as a finite number; fails as {@link #word}, and if it is none. */
  float decimal(String field) throws IOException {
    int length = read(field);
    try {
      float value = Float.parseFloat(new String(word, 0, length, StandardCharsets.UTF_8));
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw malformed(field, length, "a number");
  }

  /** Refuses a line with more words. */
  void end() throws IOException {
    skipBlanks();
    int c = peek();
    if (c != END && c != '\n') {
      throw new DataException("%s: '%s' is one field too many".formatted(where(), word("field")));
    }
  }

  private DataException malformed(String field, int length, String wanted) {
    return new DataException(
        "%s: the %s '%s' is not %s"
            .formatted(
                where(), field, new String(word, 0, length, StandardCharsets.UTF_8), wanted));
  }

  private int read(String field) throws IOException {
    skipBlanks();
    int length = 0;
    for (int c = peek(); c != END && c != '\n' && !isBlank(c); c = peek()) {
      if (length == word.length) {
        word = Arrays.copyOf(word, 2 * length);
      }
      word[length++] = (byte) c;
      next++;
    }
    if (length == 0) {
      throw new DataException("%s: the %s is missing".formatted(where(), field));
    }
    return length;
  }

  private void skipBlanks() throws IOException {
    while (isBlank(peek())) {
      next++;
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private int peek() throws IOException {
    if (next == filled) {
      filled = Math.max(in.read(buffer), 0);
      next = 0;
      if (filled == 0) {
        return END;
      }
    }
    return buffer[next] & 0xff;
  }
}

package io.facet.models.format;

import java.io.ByteArrayOutputStream;

/** The two ways in which pickles of protocol 0 write text in one line. */
final class PickleText {
  private PickleText() {}

  /** Text in which a code point above 255, a backslash or a line end stands as an escape. */
  static String rawUnicode(String line) {
    if (line.indexOf('\\') < 0) {
      return line;
    }
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < line.length()) {
      int digits = line.startsWith("\\u", i) ? 4 : line.startsWith("\\U", i) ? 8 : 0;
      if (digits == 0) {
        text.append(line.charAt(i++));
      } else {
        text.appendCodePoint(hexadecimal(line, i + 2, digits));
        i += 2 + digits;
      }
    }
    return text.toString();
  }

  /** The bytes of a quoted string of Python 2, such as {@code 'a\x00\n'}. */
  static byte[] quoted(String line) {
    String text = line.strip();
    char quote = text.isEmpty() ? 0 : text.charAt(0);
    if ((quote != '\'' && quote != '"')
        || text.length() < 2
        || text.charAt(text.length() - 1) != quote) {
      throw new IllegalArgumentException("a string without quotes");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int end = text.length() - 1;
    int i = 1;
    while (i < end) {
      char character = text.charAt(i++);
      if (character != '\\') {
        bytes.write(character);
        continue;
      }
      char escape = text.charAt(i++);
      if (escape == 'x') {
        bytes.write(hexadecimal(text, i, 2));
        i += 2;
      } else if (escape >= '0' && escape <= '7') {
        int value = escape - '0';
        for (int more = 0; more < 2 && text.charAt(i) >= '0' && text.charAt(i) <= '7'; more++) {
          value = value * 8 + text.charAt(i++) - '0';
        }
        bytes.write(value);
      } else {
        bytes.write(simple(escape));
      }
    }
    return bytes.toByteArray();
  }

  private static int simple(char escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'v' -> 11;
      case '\\', '\'', '"' -> escape;
      default -> throw new IllegalArgumentException("escape \\" + escape);
    };
  }

  private static int hexadecimal(String text, int from, int digits) {
    return Integer.parseUnsignedInt(text, from, from + digits, 16);
  }
}

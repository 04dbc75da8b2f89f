package io.facet.models.format;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pair lists as comma-separated values: a header with {@code left}, {@code right}, {@code same} (0
 * or 1, or true or false) and perhaps {@code fold} in any order, then one pair a line. Names with
 * commas stand in double quotes.
 */
public final class CsvPairs {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private CsvPairs() {}

  /**
   * The pairs of a list; without a {@code fold} column all are of fold 0.
   *
   * @param origin its file, for messages
   * @throws DataException if a column is missing or a line is malformed
   */
  public static List<NamedPair> parse(String text, String origin) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty()) {
      throw new DataException(origin + ": empty; the first line must be 'left,right,same,fold'");
    }
    String head = lines.get(0);
    List<String> header =
        fields(head.startsWith(BYTE_ORDER_MARK) ? head.substring(1) : head, origin + ", line 1");
    int left = column(header, "left", origin);
    int right = column(header, "right", origin);
    int same = column(header, "same", origin);
    int fold = header.indexOf("fold");
    List<NamedPair> pairs = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String where = "%s, line %d".formatted(origin, i + 1);
      List<String> row = fields(lines.get(i), where);
      if (row.size() != header.size()) {
        throw new DataException(
            "%s: %d fields instead of %d".formatted(where, row.size(), header.size()));
      }
      pairs.add(
          new NamedPair(
              pairs.size(),
              fold < 0 ? 0 : number(row.get(fold), where),
              row.get(left),
              row.get(right),
              flag(row.get(same), where)));
    }
    return pairs;
  }

  private static int column(List<String> header, String name, String origin) {
    int column = header.indexOf(name);
    if (column < 0) {
      throw new DataException(
          "%s: no column '%s' in its first line '%s'"
              .formatted(origin, name, String.join(",", header)));
    }
    return column;
  }

  private static boolean flag(String text, String where) {
    return switch (text) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new DataException(where + ": '" + text + "' is neither 0 nor 1");
    };
  }

  private static int number(String text, String where) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataException(where + ": fold '" + text + "' is no whole number", e);
    }
  }

  private static List<String> fields(String line, String where) {
    if (line.indexOf('"') < 0) {
      return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    }
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char character = line.charAt(i);
      if (character == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (character == '"') {
        quoted = !quoted;
      } else if (character == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(character);
      }
    }
    if (quoted) {
      throw new DataException(where + ": a double quote is not closed");
    }
    fields.add(field.toString().strip());
    return fields;
  }
}

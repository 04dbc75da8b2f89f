package io.facet.models.format;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Pair lists as comma-separated values: a header with {@code left}, {@code right}, {@code same} (0
 * or 1, or true or false) and perhaps {@code fold} in any order and case, then one pair a line.
 * Semicolons or tabs may stand for the commas; names with commas stand in double quotes.
 */
public final class CsvPairs {
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

  private CsvPairs() {}

  /**
   * The pairs of a list; without a {@code fold} column all are of fold 0.
   *
   * @param origin its file, for messages
   * @param images folder of the images; names come out relative to it
   * @throws DataException if a column is missing, a line is malformed or an image lies elsewhere
   */
  public static List<NamedPair> parse(String text, String origin, String images) {
    List<String> lines = TextFile.withoutMark(text).lines().toList();
    if (lines.isEmpty()) {
      throw new DataException(origin + ": empty; the first line must be 'left,right,same,fold'");
    }
    String head = lines.get(0);
    char separator = separator(head);
    List<String> header =
        fields(head, separator, origin + ", line 1").stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
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
      List<String> row = fields(lines.get(i), separator, where);
      if (row.size() != header.size()) {
        throw new DataException(
            "%s: %d fields instead of %d".formatted(where, row.size(), header.size()));
      }
      pairs.add(
          new NamedPair(
              pairs.size(),
              fold < 0 ? 0 : number(row.get(fold), where),
              ImageNames.below(row.get(left), images, where),
              ImageNames.below(row.get(right), images, where),
              flag(row.get(same), where)));
    }
    return pairs;
  }

  /** What stands most often in the first line. */
  private static char separator(String head) {
    char best = ',';
    for (char separator : SEPARATORS) {
      if (count(head, separator) > count(head, best)) {
        best = separator;
      }
    }
    return best;
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(character -> character == wanted).count();
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
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "1.0", "true" -> true;
      case "0", "0.0", "false" -> false;
      default ->
          throw new DataException(
              where + ": '" + text + "' is neither 0 nor 1, neither true nor false");
    };
  }

  private static int number(String text, String where) {
    try {
      return Integer.parseInt(text.replaceFirst("[.]0+$", ""));
    } catch (NumberFormatException e) {
      throw new DataException(where + ": fold '" + text + "' is not a whole number", e);
    }
  }

  private static List<String> fields(String line, char separator, String where) {
    if (line.indexOf('"') < 0) {
      return Arrays.stream(line.split(Pattern.quote(String.valueOf(separator)), -1))
          .map(String::strip)
          .toList();
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
      } else if (character == separator && !quoted) {
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

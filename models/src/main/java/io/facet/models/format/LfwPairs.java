package io.facet.models.format;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Pair lists of Labeled Faces in the Wild: {@code pairs.txt} and the development lists.
 *
 * <p>The first line holds the number of folds and of pairs of each kind in a fold ({@code 10 300});
 * one number alone means one fold. Each fold lists its matched pairs {@code NAME 1 4} and then its
 * mismatched pairs {@code NAME 1 OTHER 2}. Pictures are {@code NAME/NAME_0001.jpg}.
 */
public final class LfwPairs {
  private LfwPairs() {}

  /**
   * The pairs of a list.
   *
   * @param text of the list
   * @param origin its file, for messages
   * @param extension of the pictures, such as {@code jpg}
   * @throws DataException if a line is malformed or lines are missing
   */
  public static List<NamedPair> parse(String text, String origin, String extension) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty()) {
      throw new DataException(origin + ": empty; the first line must be '<folds> <pairs>'");
    }
    int[] header = header(lines.get(0), origin);
    int folds = header[0];
    int each = header[1];
    long expected = 2L * folds * each;
    if (lines.size() - 1 != expected) {
      throw new DataException(
          "%s: %d pairs, but its first line '%s' announces %d"
              .formatted(origin, lines.size() - 1, lines.get(0), expected));
    }
    List<NamedPair> pairs = new ArrayList<>();
    for (int position = 0; position < expected; position++) {
      boolean same = position % (2 * each) < each;
      String where = origin + ", pair " + (position + 1);
      pairs.add(
          pair(lines.get(position + 1), where, position, position / (2 * each), same, extension));
    }
    return pairs;
  }

  private static int[] header(String line, String origin) {
    String[] numbers = line.split("\\s+");
    if (numbers.length == 1) {
      return new int[] {1, number(numbers[0], origin)};
    } else if (numbers.length == 2) {
      return new int[] {number(numbers[0], origin), number(numbers[1], origin)};
    }
    throw new DataException(origin + ": first line '" + line + "' is not '<folds> <pairs>'");
  }

  private static NamedPair pair(
      String line, String where, int position, int fold, boolean same, String extension) {
    String[] fields = line.split("\\s+");
    if (fields.length != (same ? 3 : 4)) {
      throw new DataException(
          "%s: '%s' is no %s"
              .formatted(
                  where,
                  line,
                  same ? "matched pair 'NAME 1 4'" : "mismatched pair 'NAME 1 OTHER 2'"));
    }
    String left = picture(fields[0], fields[1], where, extension);
    String right =
        same
            ? picture(fields[0], fields[2], where, extension)
            : picture(fields[2], fields[3], where, extension);
    return new NamedPair(position, fold, left, right, same);
  }

  private static String picture(String name, String index, String where, String extension) {
    return String.format(Locale.ROOT, "%s/%s_%04d.%s", name, name, number(index, where), extension);
  }

  private static int number(String text, String where) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new DataException(where + ": '" + text + "' is no positive number", e);
    }
    throw new DataException(where + ": '" + text + "' is no positive number");
  }
}

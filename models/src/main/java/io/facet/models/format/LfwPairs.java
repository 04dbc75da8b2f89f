package io.facet.models.format;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Pair lists of Labeled Faces in the Wild: {@code pairs.txt} and the development lists.
 *
 * <p>The first line holds the number of folds and of pairs of each kind in a fold ({@code 10 300});
 * one number alone means one fold. Each fold lists its matched pairs {@code NAME 1 4} and then its
 * mismatched pairs {@code NAME 1 OTHER 2}. Names may hold blanks, best where tabs separate the
 * columns. Images are {@code NAME/NAME_0001.jpg}.
 */
public final class LfwPairs {
  private LfwPairs() {}

  /**
   * The pairs of a list.
   *
   * @param text of the list
   * @param origin its file, for messages
   * @param extension of the images, such as {@code jpg}
   * @throws DataException if a line is malformed or lines are missing
   */
  public static List<NamedPair> parse(String text, String origin, String extension) {
    List<String> lines =
        TextFile.withoutMark(text).lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
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
    List<String> fields = same ? matched(line) : mismatched(line);
    if (fields.isEmpty()) {
      throw new DataException(
          "%s: '%s' is not a %s"
              .formatted(
                  where,
                  line,
                  same ? "matched pair 'NAME 1 4'" : "mismatched pair 'NAME 1 OTHER 2'"));
    }
    int other = same ? 0 : 2;
    return new NamedPair(
        position,
        fold,
        image(fields.get(0), fields.get(1), where, extension),
        image(fields.get(other), fields.get(other == 0 ? 2 : 3), where, extension),
        same);
  }

  /** {@code NAME, 1, 4}, or nothing. Names may hold blanks: numbers stand last. */
  private static List<String> matched(String line) {
    List<String> fields = columns(line);
    if (fields.size() == 3) {
      return fields;
    }
    List<String> words = words(line);
    int last = words.size() - 1;
    return last < 2
        ? List.of()
        : List.of(
            String.join(" ", words.subList(0, last - 1)), words.get(last - 1), words.get(last));
  }

  /** {@code NAME, 1, OTHER, 2}, or nothing, also where several words could be the first number. */
  private static List<String> mismatched(String line) {
    List<String> fields = columns(line);
    if (fields.size() == 4) {
      return fields;
    }
    List<String> words = words(line);
    int last = words.size() - 1;
    int number = 0;
    for (int i = 1; i < last - 1; i++) {
      if (words.get(i).matches("[0-9]+")) {
        if (number > 0) {
          return List.of();
        }
        number = i;
      }
    }
    return number == 0
        ? List.of()
        : List.of(
            String.join(" ", words.subList(0, number)),
            words.get(number),
            String.join(" ", words.subList(number + 1, last)),
            words.get(last));
  }

  private static List<String> columns(String line) {
    return Arrays.stream(line.split(line.indexOf('\t') < 0 ? "\\s+" : "\t+"))
        .map(String::strip)
        .toList();
  }

  private static List<String> words(String line) {
    return List.of(line.split("\\s+"));
  }

  private static String image(String name, String index, String where, String extension) {
    int number = number(index, where);
    String file = String.format(Locale.ROOT, "%s/%s_%04d.%s", name, name, number, extension);
    return ImageNames.below(file, "", where);
  }

  private static int number(String text, String where) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new DataException(where + ": '" + text + "' is not a positive number", e);
    }
    throw new DataException(where + ": '" + text + "' is not a positive number");
  }
}

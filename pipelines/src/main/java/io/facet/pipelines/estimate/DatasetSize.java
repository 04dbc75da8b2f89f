package io.facet.pipelines.estimate;

import io.facet.models.RecipeException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many images and people there are.
 *
 * @param images at least 1
 * @param identities if known
 */
public record DatasetSize(long images, Optional<Long> identities) {
  /** Images and identities as the sets' own pages give them. */
  private static final Map<String, DatasetSize> KNOWN =
      new TreeMap<>(
          Map.of(
              "ms1mv3", of(5_179_510, 93_431),
              "glint360k", of(17_091_657, 360_232),
              "webface42m", of(42_474_558, 2_059_906)));

  private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kKmM]?)");

  private static DatasetSize of(long images, long identities) {
    return new DatasetSize(images, Optional.of(identities));
  }

  /**
   * Reads {@code ms1mv3}, {@code 5.2M}, {@code 5200000} or {@code 5.2M:93k}.
   *
   * @throws RecipeException if it is none of these
   */
  public static DatasetSize parse(String text) {
    DatasetSize known = KNOWN.get(text.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known;
    }
    String[] parts = text.split(":", -1);
    if (parts.length > 2) {
      throw refused(text);
    }
    return new DatasetSize(
        number(parts[0], text),
        parts.length == 1 ? Optional.empty() : Optional.of(number(parts[1], text)));
  }

  private static long number(String part, String text) {
    Matcher number = NUMBER.matcher(part);
    if (!number.matches()) {
      throw refused(text);
    }
    double factor =
        switch (number.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 1e3;
          case "m" -> 1e6;
          default -> 1;
        };
    double value = Double.parseDouble(number.group(1)) * factor;
    if (value < 1 || value > 1e12) {
      throw refused(text);
    }
    return Math.round(value);
  }

  private static RecipeException refused(String text) {
    return new RecipeException(
        "--estimate %s: give a number of images such as 5.2M, with :IDENTITIES behind it if known, or one of %s"
            .formatted(text, String.join(", ", KNOWN.keySet())));
  }
}

package io.facet.models.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Allowed numbers, from the text of {@link Description#range}: {@code (0, 1]}, {@code [1, inf)}.
 *
 * @param low lower end, may be minus infinity
 * @param lowIncluded whether the lower end belongs to it
 * @param high upper end, may be infinity
 * @param highIncluded whether the upper end belongs to it
 */
record Interval(double low, boolean lowIncluded, double high, boolean highIncluded) {
  private static final Pattern TEXT =
      Pattern.compile("\\s*([\\[(])\\s*([^,\\s]+)\\s*,\\s*([^,\\s]+)\\s*([])])\\s*");

  static Interval parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("not an interval: '" + text + "'");
    }
    return new Interval(
        number(matcher.group(2)),
        matcher.group(1).equals("["),
        number(matcher.group(3)),
        matcher.group(4).equals("]"));
  }

  boolean contains(double value) {
    return (lowIncluded ? value >= low : value > low)
        && (highIncluded ? value <= high : value < high);
  }

  private static double number(String text) {
    return switch (text) {
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}

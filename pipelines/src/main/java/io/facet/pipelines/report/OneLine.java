package io.facet.pipelines.report;

/** Texts of files that others made, such as names of tensors, shown within one line. */
public final class OneLine {
  private OneLine() {}

  /**
   * The text with {@code \n}, {@code \r}, {@code \t} or a code such as {@code \x1b} in the place of
   * each control character, so that it can neither break the line nor steer a terminal.
   */
  public static String of(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.append(Character.isISOControl(c) ? code(c) : Character.toString(c));
              }
            });
    return line.toString();
  }

  private static String code(int c) {
    return "\\x%02x".formatted(c);
  }
}

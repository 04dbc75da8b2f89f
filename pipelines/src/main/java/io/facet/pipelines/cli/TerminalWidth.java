package io.facet.pipelines.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How many columns the terminal has, by {@code stty}. Java does not know it, and libraries that do
 * take the signals of the process for themselves: Ctrl-C would end it without a word.
 */
final class TerminalWidth {
  private static final int USUAL = 80;
  private static final long LONGEST_SECONDS = 2;

  private TerminalWidth() {}

  /** Columns of the terminal at standard input; 80 if they are not known. */
  static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return USUAL;
      }
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return parse(said).orElse(USUAL);
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /** Columns of {@code ROWS COLUMNS}; a terminal that does not know its size says 0. */
  static Optional<Integer> parse(String size) {
    String[] words = size.strip().split("\\s+");
    return words.length == 2 && words[1].matches("[1-9]\\d{0,4}")
        ? Optional.of(Integer.parseInt(words[1]))
        : Optional.empty();
  }
}

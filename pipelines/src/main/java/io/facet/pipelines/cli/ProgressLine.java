package io.facet.pipelines.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * What the last line of a terminal says of the stage that runs: how far it is, and the time left at
 * the pace of this run, in which the steps of an earlier run do not count.
 */
final class ProgressLine {
  /** Below that the pace says little. */
  private static final Duration FIRST_PACE = Duration.ofSeconds(2);

  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 8;

  private final String name;
  private final long begun;
  private long firstDone = -1;
  private long firstAt;
  private long done;
  private long at;
  private long total;
  private String unit = "";
  private String extra = "";

  /**
   * Begins.
   *
   * @param now the time in nanoseconds
   */
  ProgressLine(String name, long now) {
    this.name = name;
    this.begun = now;
  }

  /**
   * How far it is now.
   *
   * @param newTotal 0 if unknown
   * @param newExtra more to say, such as the loss; left out first where the line is too short
   */
  void update(long newDone, long newTotal, String newUnit, String newExtra, long now) {
    if (firstDone < 0 || newDone < firstDone || !newUnit.equals(unit)) {
      firstDone = newDone;
      firstAt = now;
    }
    if (newDone != done) {
      at = now;
    }
    done = newDone;
    total = newTotal;
    unit = newUnit;
    extra = newExtra;
  }

  /**
   * The line, never longer than the terminal is wide.
   *
   * @param now the time in nanoseconds
   */
  String text(int columns, long now) {
    String head = name + "  ";
    if (firstDone < 0) {
      return cut(head + time(now - begun), columns);
    }
    String tail = tail(now);
    if (!extra.isEmpty() && head.length() + tail.length() + 2 + extra.length() <= columns) {
      tail += ", " + extra;
    }
    int room = Math.min(LONGEST_BAR, columns - head.length() - tail.length() - 3);
    String bar = total > 0 && room >= SHORTEST_BAR ? bar(room) + " " : "";
    return cut(head + bar + tail, columns);
  }

  /**
   * The same for a log: how far, the time left and what more there is to say, without the name.
   *
   * @param now the time in nanoseconds
   */
  String said(long now) {
    return tail(now) + (extra.isEmpty() ? "" : ", " + extra);
  }

  private String tail(long now) {
    String tail = total > 0 ? "%d of %d %s".formatted(done, total, unit) : done + " " + unit;
    String left = left(now);
    return left.isEmpty() ? tail : tail + ", " + left + " left";
  }

  private String bar(int width) {
    int filled = (int) Math.min(width, width * done / total);
    return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
  }

  /** At the pace since the first news, less what went by since the last. */
  private String left(long now) {
    long steps = done - firstDone;
    if (total <= 0 || steps <= 0 || at - firstAt < FIRST_PACE.toNanos()) {
      return "";
    }
    double nanos = (double) (total - done) * (at - firstAt) / steps - (now - at);
    return time((long) Math.max(0, nanos));
  }

  private static String time(long nanos) {
    long seconds = Math.round(nanos / 1e9);
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String cut(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, Math.max(0, columns));
  }
}

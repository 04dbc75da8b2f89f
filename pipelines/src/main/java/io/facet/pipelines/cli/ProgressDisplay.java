package io.facet.pipelines.cli;

import io.facet.pipelines.DaemonThreads;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lines, and below them how far the work is: on a terminal one that is drawn again and again, in a
 * log and for work side by side a plain line every fifteen seconds.
 */
final class ProgressDisplay implements AutoCloseable {
  private static final Duration LINE_EVERY = Duration.ofSeconds(15);
  private static final long REDRAW_MILLIS = 500;

  private final PrintWriter err;

  /** Width of the terminal; 0 in a log, and for work side by side. */
  private final int columns;

  private final Map<String, ProgressLine> lines = new HashMap<>();
  private final Map<String, Long> lastLines = new HashMap<>();
  private final ScheduledExecutorService redraw =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-terminal"));
  private String current;
  private int drawn;

  /**
   * Makes a display.
   *
   * @param sideBySide whether several works go on at a time
   */
  ProgressDisplay(PrintWriter err, boolean sideBySide) {
    this.err = err;
    this.columns = !sideBySide && System.console() != null ? TerminalWidth.columns() : 0;
    if (columns > 0) {
      var unused =
          redraw.scheduleWithFixedDelay(
              this::draw, REDRAW_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Begins some work, or begins it anew. */
  synchronized void begin(String name) {
    long now = System.nanoTime();
    current = name;
    lines.put(name, new ProgressLine(name, now));
    lastLines.put(name, now);
  }

  /** How far some work is, as {@link ProgressLine#update} takes it. */
  synchronized void update(String name, long done, long total, String unit, String extra) {
    ProgressLine line = lines.get(name);
    if (line == null) {
      return;
    }
    long now = System.nanoTime();
    line.update(done, total, unit, extra, now);
    if (columns == 0 && now - lastLines.get(name) > LINE_EVERY.toNanos()) {
      lastLines.put(name, now);
      line("%-34s %s", name, line.said(now));
    }
  }

  /** Some work is over. */
  synchronized void end(String name) {
    lines.remove(name);
    if (name.equals(current)) {
      current = null;
    }
  }

  /** Prints a line. */
  synchronized void line(String format, Object... values) {
    erase();
    err.println(String.format(Locale.ROOT, format, values));
    err.flush();
  }

  private synchronized void draw() {
    if (current != null) {
      String text = lines.get(current).text(columns - 1, System.nanoTime());
      err.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      err.flush();
      drawn = text.length();
    }
  }

  private void erase() {
    if (drawn > 0) {
      err.print("\r" + " ".repeat(drawn) + "\r");
      drawn = 0;
    }
  }

  /** Takes the drawn line away, so that whatever comes next begins a new one. */
  @Override
  public synchronized void close() {
    redraw.shutdownNow();
    current = null;
    erase();
    err.flush();
  }
}

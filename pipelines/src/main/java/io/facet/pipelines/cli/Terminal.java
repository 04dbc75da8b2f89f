package io.facet.pipelines.cli;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.StageInstance;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows a run on a terminal: a bar with the time left for each stage, or plain lines in a log and
 * for stages side by side.
 */
final class Terminal implements PlanListener, AutoCloseable {
  private static final Duration LINE_EVERY = Duration.ofSeconds(15);

  private final PrintWriter err;
  private final boolean interactive;
  private final Map<String, Long> lastLines = new HashMap<>();
  private final Map<String, Double> losses = new HashMap<>();
  private ProgressBar bar;

  /**
   * Makes a terminal.
   *
   * @param jobs stages side by side
   */
  Terminal(PrintWriter err, int jobs) {
    this.err = err;
    this.interactive = jobs == 1 && System.console() != null;
  }

  @Override
  public synchronized void planned(Plan plan) {
    long cached = plan.instances().stream().filter(p -> p.cached().isPresent()).count();
    line("%d stages, %d cached", plan.instances().size(), cached);
  }

  @Override
  public synchronized void cached(StageInstance instance, Artifact artifact) {
    line("%-34s cached (%s)", instance.name(), rows(artifact));
  }

  @Override
  public synchronized void started(
      StageInstance instance, Fingerprint fingerprint, boolean resumed) {
    closeBar();
    losses.remove(instance.name());
    lastLines.put(instance.name(), System.nanoTime());
    if (interactive) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(instance.name() + (resumed ? " (resumed)" : ""))
              .setInitialMax(-1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .build();
    }
  }

  @Override
  public synchronized void resumedAt(StageInstance instance, long step, long totalSteps) {
    line(
        "%-34s %s",
        instance.name(),
        step == 0
            ? "begins anew"
            : "goes on at step %d of %d".formatted(step, totalSteps));
  }

  @Override
  public synchronized void history(
      StageInstance instance, List<HistoryPoint> points, long timestampMillis) {
    for (HistoryPoint point : points) {
      if (point.name().equals("loss/total")) {
        losses.put(instance.name(), point.value());
      }
    }
  }

  @Override
  public synchronized void progress(StageInstance instance, long done, long total, String unit) {
    Double loss = losses.get(instance.name());
    String extra = loss == null ? "" : String.format(Locale.ROOT, ", loss %.4f", loss);
    long silent = System.nanoTime() - lastLines.getOrDefault(instance.name(), 0L);
    if (bar != null) {
      bar.maxHint(total == 0 ? -1 : total);
      bar.stepTo(done);
      bar.setExtraMessage(unit + extra);
    } else if (!interactive && silent > LINE_EVERY.toNanos()) {
      lastLines.put(instance.name(), System.nanoTime());
      line("%-34s %d of %d %s%s", instance.name(), done, total, unit, extra);
    }
  }

  @Override
  public synchronized void warned(StageInstance instance, String message) {
    line("%-34s warning: %s", instance.name(), message);
  }

  @Override
  public synchronized void finished(StageInstance instance, Artifact artifact, double seconds) {
    closeBar();
    line("%-34s %.1f s (%s)", instance.name(), seconds, rows(artifact));
  }

  @Override
  public synchronized void failed(StageInstance instance, Throwable failure) {
    closeBar();
    String how = failure instanceof CancellationException ? "stopped" : "FAILED: ";
    String why = failure instanceof CancellationException ? "" : FailureText.of(failure);
    line("%-34s %s%s", instance.name(), how, why);
  }

  @Override
  public synchronized void skipped(StageInstance instance, String why) {
    line("%-34s skipped: %s", instance.name(), why);
  }

  private static String rows(Artifact artifact) {
    StringBuilder text = new StringBuilder();
    for (Manifest.Table table : artifact.manifest().tables()) {
      text.append(text.isEmpty() ? "" : ", ").append(table.name()).append(' ').append(table.rows());
    }
    return text.isEmpty() ? "files only" : text.toString();
  }

  private void line(String format, Object... values) {
    err.println(String.format(Locale.ROOT, format, values));
    err.flush();
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public synchronized void close() {
    closeBar();
  }
}

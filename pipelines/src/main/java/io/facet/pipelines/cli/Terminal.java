package io.facet.pipelines.cli;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.run.Console;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Shows a run on a terminal: the last line tells how far the stage is and the time left; plain
 * lines in a log and for stages side by side.
 */
final class Terminal implements Console.Progress {
  private final ProgressDisplay display;
  private final Map<String, Double> losses = new HashMap<>();
  private final Map<String, String> checkpoints = new HashMap<>();

  /**
   * Makes a terminal.
   *
   * @param jobs stages side by side
   */
  Terminal(PrintWriter err, int jobs) {
    this.display = new ProgressDisplay(err, jobs > 1);
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
    losses.remove(instance.name());
    display.begin(instance.name());
  }

  @Override
  public synchronized void resumedAt(StageInstance instance, long step, long totalSteps) {
    line(
        "%-34s %s",
        instance.name(),
        step == 0 ? "begins anew" : "goes on at step %d of %d".formatted(step, totalSteps));
    display.begin(instance.name());
  }

  @Override
  public synchronized void checkpointed(StageInstance instance, long step, long totalSteps) {
    checkpoints.put(instance.name(), "step %d of %d".formatted(step, totalSteps));
  }

  @Override
  public synchronized void stopping() {
    line("facet: stopping; a training saves a checkpoint first");
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
    String extra = loss == null ? "" : String.format(Locale.ROOT, "loss %.4f", loss);
    display.update(instance.name(), done, total, unit, extra);
  }

  @Override
  public synchronized void warned(StageInstance instance, String message) {
    line("%-34s warning: %s", instance.name(), message);
  }

  @Override
  public synchronized void finished(StageInstance instance, Artifact artifact, double seconds) {
    display.end(instance.name());
    line("%-34s %.1f s (%s)", instance.name(), seconds, rows(artifact));
  }

  @Override
  public synchronized void failed(StageInstance instance, Throwable failure) {
    display.end(instance.name());
    if (failure instanceof CancellationException) {
      String at = checkpoints.get(instance.name());
      line("%-34s stopped%s", instance.name(), at == null ? "" : "; goes on at " + at);
    } else {
      line("%-34s FAILED: %s", instance.name(), FailureText.of(failure));
    }
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
    display.line(format, values);
  }

  /** Ends the last line, so that whatever comes next begins a new one. */
  @Override
  public void close() {
    display.close();
  }
}

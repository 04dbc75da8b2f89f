package io.facet.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Keeps all history but speeds, and calls back on every line. */
public final class RecordedHistory implements TrainingListener {
  private final List<HistoryPoint> points = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final LongConsumer onStep;
  private long resumedAt = -1;

  public RecordedHistory(LongConsumer onStep) {
    this.onStep = onStep;
  }

  public RecordedHistory() {
    this(step -> {});
  }

  @Override
  public void logged(long step, long totalSteps, List<HistoryPoint> line) {
    line.stream().filter(p -> !p.name().equals("images_per_second")).forEach(points::add);
    onStep.accept(step);
  }

  @Override
  public void warned(long step, String message) {
    warnings.add(message);
  }

  @Override
  public void resumed(long step, long totalSteps, List<String> damaged) {
    resumedAt = step;
  }

  /** Step of the checkpoint it went on from, -1 if it began. */
  public long resumedAt() {
    return resumedAt;
  }

  public List<HistoryPoint> points() {
    return points;
  }

  public List<HistoryPoint> after(long step) {
    return points.stream().filter(p -> p.step() > step).toList();
  }

  public List<Double> values(String name) {
    return points.stream().filter(p -> p.name().equals(name)).map(HistoryPoint::value).toList();
  }

  public List<String> warnings() {
    return warnings;
  }
}

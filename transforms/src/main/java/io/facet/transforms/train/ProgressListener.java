package io.facet.transforms.train;

import io.facet.models.train.HistoryPoint;
import io.facet.models.train.TrainingListener;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes a training's progress into its attempt folder, one numbered segment a logging step and one
 * a checkpoint. A resumed run writes the steps after its checkpoint again, under the same numbers.
 */
public final class ProgressListener implements TrainingListener {
  /** Segments of one step: its history, then its alarms, then its checkpoint. */
  private static final int SLOTS = 8;

  private static final int CHECKPOINT = SLOTS - 1;

  private final AttemptFolder attempt;
  private long total;
  private long warnedStep = -1;
  private int warnings;

  /** Writes into an attempt folder. */
  public ProgressListener(AttemptFolder attempt) {
    this.attempt = attempt;
  }

  @Override
  public void logged(long step, long totalSteps, List<HistoryPoint> points) {
    total = totalSteps;
    write(step * SLOTS, new TrainingProgress(step, totalSteps, points, "", false, now()));
  }

  @Override
  public void warned(long step, String message) {
    warnings = step == warnedStep ? Math.min(warnings + 1, CHECKPOINT - 1) : 1;
    warnedStep = step;
    write(
        step * SLOTS + warnings,
        new TrainingProgress(step, total, List.of(), message, false, now()));
  }

  @Override
  public void checkpointed(long step) {
    write(step * SLOTS + CHECKPOINT, new TrainingProgress(step, total, List.of(), "", true, now()));
  }

  @Override
  public void resumed(long step, long totalSteps, List<String> damaged) {
    try {
      new TrainingResume(step, totalSteps, damaged, now()).put(attempt);
    } catch (IOException e) {
      throw unwritable(e);
    }
    total = totalSteps;
    if (step > 0) {
      checkpointed(step); // its writer may have died before it was told
    }
  }

  /** The first segment that a run that goes on after a step writes again. */
  static long firstWrittenAgain(long step) {
    return step * SLOTS + CHECKPOINT;
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private void write(long number, TrainingProgress progress) {
    try {
      attempt.appendProgress(number, progress.toBytes());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private UncheckedIOException unwritable(IOException cause) {
    return new UncheckedIOException("cannot write progress into " + attempt.uri(), cause);
  }
}

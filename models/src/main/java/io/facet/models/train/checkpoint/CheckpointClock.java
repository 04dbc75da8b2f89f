package io.facet.models.train.checkpoint;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Says when a checkpoint is due by time, so that slow steps lose no more than fast ones. */
public final class CheckpointClock {
  private final long period;
  private final LongSupplier nanos;
  private long saved;

  private CheckpointClock(long period, LongSupplier nanos) {
    this.period = period;
    this.nanos = nanos;
    this.saved = nanos.getAsLong();
  }

  /**
   * Starts to count.
   *
   * @param minutes between two checkpoints
   * @param nanos the time in nanoseconds
   */
  public static CheckpointClock start(double minutes, LongSupplier nanos) {
    return new CheckpointClock((long) (minutes * Duration.ofMinutes(1).toNanos()), nanos);
  }

  /** Whether so much time has gone by since the last checkpoint, or since the start. */
  public boolean due() {
    return nanos.getAsLong() - saved >= period;
  }

  /** A checkpoint was saved just now. */
  public void saved() {
    saved = nanos.getAsLong();
  }
}

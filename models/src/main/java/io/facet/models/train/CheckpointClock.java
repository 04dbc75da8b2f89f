package io.facet.models.train;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Says when a checkpoint is due by time, so that slow steps lose no more than fast ones. */
final class CheckpointClock {
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
  static CheckpointClock start(double minutes, LongSupplier nanos) {
    return new CheckpointClock((long) (minutes * Duration.ofMinutes(1).toNanos()), nanos);
  }

  /** Whether so much time has gone by since the last checkpoint, or since the start. */
  boolean due() {
    return nanos.getAsLong() - saved >= period;
  }

  /** A checkpoint was saved just now. */
  void saved() {
    saved = nanos.getAsLong();
  }
}

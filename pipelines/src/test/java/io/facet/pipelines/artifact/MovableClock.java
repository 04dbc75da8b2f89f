package io.facet.pipelines.artifact;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests set forward. */
public final class MovableClock implements InstantSource {
  private volatile Instant now = Instant.now();

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration step) {
    now = now.plus(step);
  }
}

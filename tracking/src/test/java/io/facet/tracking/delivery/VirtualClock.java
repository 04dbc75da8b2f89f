package io.facet.tracking.delivery;

/** A clock that goes on only when told. */
final class VirtualClock {
  static final long BEGIN = 1_700_000_000_000L;

  private long millis = BEGIN;

  long now() {
    return millis;
  }

  void pass(long some) {
    millis += some;
  }
}

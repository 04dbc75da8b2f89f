package io.facet.tracking.journal;

/** Puts events into a journal. */
public final class EventWriter {
  private EventWriter() {}

  /** Appends one event; returns before it is on the disk. */
  public static void append(Journal journal, TrackingEvent event) {
    journal.append(EventCodec.encode(event));
  }
}

package io.facet.tracking.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a journal as events; records that are not events are passed over and counted. */
public final class EventReader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);

  private final JournalReader journal;
  private long unreadable;

  /**
   * One event.
   *
   * @param start where its record begins
   * @param end where the next one begins
   * @param bytes size of its record
   * @param event what happened
   */
  public record Entry(JournalPosition start, JournalPosition end, int bytes, TrackingEvent event) {}

  public EventReader(JournalReader journal) {
    this.journal = journal;
  }

  /** The next event, or empty when there is none yet. */
  public Optional<Entry> next() throws IOException {
    for (var record = journal.next(); record.isPresent(); record = journal.next()) {
      JournalReader.Entry entry = record.get();
      try {
        TrackingEvent event = EventCodec.decode(entry.payload());
        return Optional.of(new Entry(entry.start(), entry.end(), entry.payload().length, event));
      } catch (IOException e) {
        unreadable++;
        LOG.warn("Passed over an unreadable tracking event at {}: {}", entry.start(), e.toString());
      }
    }
    return Optional.empty();
  }

  /** Forces to the disk what was read so far, whoever wrote it. */
  public void force() throws IOException {
    journal.force();
  }

  /** Where the next record begins. */
  public JournalPosition position() {
    return journal.position();
  }

  /** Damaged or unreadable records so far. */
  public long damaged() {
    return journal.damaged() + unreadable;
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}

package io.facet.pipelines.cli;

import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tracked runs of a store, by what its journal has kept. */
final class JournalRuns {
  private JournalRuns() {}

  /** The ids of those that began. */
  static List<String> started(Path store) throws IOException {
    return events(store, TrackingEvent.RunStarted.class).stream()
        .map(TrackingEvent.RunStarted::run)
        .toList();
  }

  /** The names of those that began. */
  static List<String> names(Path store) throws IOException {
    return events(store, TrackingEvent.RunStarted.class).stream()
        .map(TrackingEvent.RunStarted::name)
        .toList();
  }

  /** How those ended that did. */
  static List<RunStatus> ended(Path store) throws IOException {
    return events(store, TrackingEvent.RunEnded.class).stream()
        .map(TrackingEvent.RunEnded::status)
        .toList();
  }

  private static <E extends TrackingEvent> List<E> events(Path store, Class<E> kind)
      throws IOException {
    List<E> events = new ArrayList<>();
    for (Session session : Outbox.in(store).sessions()) {
      session.skim(
          JournalPosition.START,
          (head, full) -> {
            TrackingEvent event = full.read();
            if (kind.isInstance(event)) {
              events.add(kind.cast(event));
            }
          });
    }
    return events;
  }
}

package io.facet.tracking.outbox;

import io.facet.tracking.journal.Journal;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Deletes what an outbox no longer needs: old sessions that were delivered whole, and contents. */
public final class Cleaning {
  private Cleaning() {}

  /**
   * Deletes delivered sessions last written before {@code limit}, then contents of artifacts that
   * no remaining session names; answers the number of sessions.
   */
  public static int clean(Outbox outbox, Instant limit) throws IOException {
    int deleted = 0;
    Set<String> needed = new HashSet<>();
    for (Session session : outbox.sessions()) {
      if (deletable(session, limit)) {
        delete(session.folder());
        deleted++;
      } else {
        session.skim(
            JournalPosition.START,
            (head, full) -> {
              if (head.artifact() && full.read() instanceof TrackingEvent.ArtifactKept kept) {
                needed.add(kept.sha256());
              }
            });
      }
    }
    outbox.blobs().deleteUnneeded(needed, limit);
    return deleted;
  }

  private static boolean deletable(Session session, Instant limit) throws IOException {
    Delivery delivery = session.delivery();
    if (delivery.server().isEmpty() || !lastWritten(session).isBefore(limit)) {
      return false;
    }
    AtomicBoolean left = new AtomicBoolean();
    session.skim(delivery.position(), (head, full) -> left.set(true));
    Optional<Journal> unused = left.get() ? Optional.empty() : session.tryWrite();
    if (unused.isEmpty()) {
      return false;
    }
    unused.get().close();
    return true;
  }

  private static Instant lastWritten(Session session) throws IOException {
    Instant last = Instant.EPOCH;
    try (Stream<Path> files = Files.list(session.folder())) {
      for (Path file : files.toList()) {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        last = written.isAfter(last) ? written : last;
      }
    }
    return last;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}

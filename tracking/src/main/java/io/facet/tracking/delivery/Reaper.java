package io.facet.tracking.delivery;

import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.journal.EventWriter;
import io.facet.tracking.journal.Journal;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ends the runs of dead processes: of sessions whose writer's lock the system has freed, unless a
 * later session went on with the run.
 */
public final class Reaper {
  private final List<String> reaped = new ArrayList<>();
  private final Set<String> startedLater = new HashSet<>();
  private final Optional<String> only;
  private final RunStatus status;
  private final String reason;

  private Reaper(Optional<String> only, RunStatus status, String reason) {
    this.only = only;
    this.status = status;
    this.reason = reason;
  }

  /**
   * Ends runs.
   *
   * @param only if given, the run whose process is meant; runs of other processes stay open
   */
  public static List<String> reap(
      Outbox outbox, Optional<String> only, RunStatus status, String reason) {
    Reaper reaper = new Reaper(only, status, reason);
    try {
      List<Session> newestFirst = new ArrayList<>(outbox.sessions());
      Collections.reverse(newestFirst);
      for (Session session : newestFirst) {
        reaper.look(session);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reap abandoned runs", e);
    }
    return List.copyOf(reaper.reaped);
  }

  private void look(Session session) throws IOException {
    Set<String> started = new LinkedHashSet<>();
    Set<String> open = new LinkedHashSet<>();
    session.skim(
        JournalPosition.START,
        (head, full) -> {
          if (head.start()) {
            started.add(head.run());
            open.add(head.run());
          } else if (head.end()) {
            open.remove(head.run());
          }
        });
    open.removeAll(startedLater);
    startedLater.addAll(started);
    boolean meant = only.isEmpty() || started.contains(only.get());
    Optional<Journal> abandoned = open.isEmpty() || !meant ? Optional.empty() : session.tryWrite();
    if (abandoned.isPresent()) {
      end(abandoned.get(), open);
    }
  }

  /** The last started ends first, so that children end before parents. */
  private void end(Journal abandoned, Set<String> open) throws IOException {
    List<String> newestFirst = new ArrayList<>(open);
    Collections.reverse(newestFirst);
    try (Journal journal = abandoned) {
      for (String run : newestFirst) {
        EventWriter.append(
            journal, new TrackingEvent.RunEnded(run, System.currentTimeMillis(), status, reason));
        reaped.add(run);
      }
    }
  }
}

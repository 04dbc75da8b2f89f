package io.facet.pipelines.cli;

import io.facet.tracking.RunStatus;
import io.facet.tracking.outbox.JournalPosition;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.outbox.TrackingEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the tracked runs of a store ended, by its journal. */
final class Ends {
  private Ends() {}

  static List<RunStatus> in(Path store) throws IOException {
    List<RunStatus> ends = new ArrayList<>();
    for (Session session : Outbox.in(store).sessions()) {
      session.skim(
          JournalPosition.START,
          (head, full) -> {
            if (full.read() instanceof TrackingEvent.RunEnded end) {
              ends.add(end.status());
            }
          });
    }
    return ends;
  }
}

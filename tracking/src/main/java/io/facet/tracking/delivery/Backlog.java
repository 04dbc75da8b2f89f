package io.facet.tracking.delivery;

import io.facet.tracking.delivery.TrackingStatus.RunBacklog;
import io.facet.tracking.journal.EventHead;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.Delivery;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.RefusedList;
import io.facet.tracking.outbox.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what an outbox has not delivered. */
public final class Backlog {
  private final Map<String, RunBacklog> runs = new LinkedHashMap<>();
  private long undelivered;
  private long refused;
  private String refusal = "";
  private String server = "";

  private Backlog() {}

  public static TrackingStatus of(Outbox outbox) {
    Backlog backlog = new Backlog();
    try {
      for (Session session : outbox.sessions()) {
        backlog.add(session);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the tracking outbox", e);
    }
    List<RunBacklog> late = backlog.runs.values().stream().filter(run -> run.events() > 0).toList();
    return new TrackingStatus(
        backlog.server, late, backlog.undelivered, backlog.refused, backlog.refusal, "");
  }

  private void add(Session session) throws IOException {
    Delivery delivery = session.delivery();
    refused += delivery.refused();
    if (delivery.refused() > 0) {
      List<RefusedList.Refused> all = session.refused().read();
      if (!all.isEmpty()) {
        RefusedList.Refused last = all.get(all.size() - 1);
        refusal = "%s of run %s: %s".formatted(last.what(), last.run(), last.reason());
      }
    }
    if (!delivery.server().isEmpty()) {
      server = delivery.server();
    }
    delivery
        .runs()
        .forEach(
            (uuid, run) -> runs.put(uuid, new RunBacklog(uuid, run.experiment(), run.name(), 0)));
    session.skim(delivery.position(), this::count);
  }

  private void count(EventHead head, Session.FullEvent full) throws IOException {
    undelivered++;
    if (head.start() && full.read() instanceof TrackingEvent.RunStarted start) {
      runs.putIfAbsent(
          start.run(), new RunBacklog(start.run(), start.experiment(), start.name(), 0));
    }
    runs.computeIfPresent(
        head.run(),
        (uuid, run) -> new RunBacklog(uuid, run.experiment(), run.name(), run.events() + 1));
  }
}

package io.facet.tracking;

import java.util.List;

/**
 * What the outbox still holds.
 *
 * @param server address of the MLflow server, or empty if tracking stays local
 * @param runs runs that have undelivered events, oldest first
 * @param undelivered events not delivered yet
 * @param refused events MLflow will never take; {@code refused.jsonl} in the outbox names them
 * @param trouble what hinders delivery now, or empty
 */
public record TrackingStatus(
    String server, List<RunBacklog> runs, long undelivered, long refused, String trouble) {

  /**
   * Backlog of one run.
   *
   * @param uuid its uuid
   * @param experiment its experiment
   * @param name its name
   * @param events undelivered events
   */
  public record RunBacklog(String uuid, String experiment, String name, long events) {}

  /** Copies the list. */
  public TrackingStatus {
    runs = List.copyOf(runs);
  }

  /** Whether MLflow has everything. */
  public boolean delivered() {
    return undelivered == 0;
  }

  /** One line for people. */
  public String describe() {
    String where = server.isEmpty() ? "the outbox only" : server;
    StringBuilder line = new StringBuilder("Tracking to " + where);
    if (undelivered > 0) {
      line.append(": ").append(undelivered).append(" events of ").append(runs.size());
      line.append(" runs not delivered");
    }
    if (refused > 0) {
      line.append("; ").append(refused).append(" refused");
    }
    if (!trouble.isEmpty()) {
      line.append("; ").append(trouble);
    }
    return line.append('.').toString();
  }
}

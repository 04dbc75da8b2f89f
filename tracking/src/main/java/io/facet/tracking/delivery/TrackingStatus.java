package io.facet.tracking.delivery;

import java.util.List;

/**
 * What the outbox still holds.
 *
 * @param server address of the MLflow server, or empty if tracking stays local
 * @param runs runs that have undelivered events, oldest first
 * @param undelivered events not delivered yet
 * @param refused events MLflow will never take; {@code refused.jsonl} in the outbox names them
 * @param refusal the last of these with MLflow's reason, or empty
 * @param trouble what hinders delivery now, or empty
 */
public record TrackingStatus(
    String server,
    List<RunBacklog> runs,
    long undelivered,
    long refused,
    String refusal,
    String trouble) {

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

  /** Whether nothing waits for MLflow any more; it may have refused some of it. */
  public boolean delivered() {
    return undelivered == 0;
  }

  /** Whether MLflow has everything. */
  public boolean complete() {
    return delivered() && refused == 0;
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
      line.append(line.indexOf(": ") < 0 ? ": " : "; ")
          .append(refused)
          .append(refused == 1 ? " event" : " events")
          .append(" refused by MLflow for good (")
          .append(refusal)
          .append("); once that is mended 'facet track sync --again' delivers them");
    }
    if (!trouble.isEmpty()) {
      line.append("; ").append(trouble);
    }
    return line.append('.').toString();
  }
}

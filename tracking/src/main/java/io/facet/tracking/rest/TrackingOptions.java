package io.facet.tracking.rest;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where tracking goes and how patient it is.
 *
 * @param server address of the MLflow server; without one everything stays in the outbox
 * @param deadline longest wait for one answer of the server
 * @param drain how long closing waits for the outbox to empty
 * @param heartbeat how often an open run gets the tag {@code facet.heartbeat}
 * @param environment where {@code MLFLOW_TRACKING_USERNAME}, {@code MLFLOW_TRACKING_PASSWORD},
 *     {@code MLFLOW_TRACKING_TOKEN} and the like are looked up
 */
public record TrackingOptions(
    Optional<URI> server,
    Duration deadline,
    Duration drain,
    Duration heartbeat,
    Map<String, String> environment) {

  /** Everything stays in the outbox. */
  public static TrackingOptions local() {
    return new TrackingOptions(
        Optional.empty(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        System.getenv());
  }

  /** Delivers to a server, with 30 s per answer and 20 s for closing. */
  public static TrackingOptions to(URI server) {
    TrackingOptions local = local();
    return new TrackingOptions(
        Optional.of(server), local.deadline, local.drain, local.heartbeat, local.environment);
  }

  /** The same with another deadline. */
  public TrackingOptions withDeadline(Duration longest) {
    return new TrackingOptions(server, longest, drain, heartbeat, environment);
  }

  /** The same with another wait on closing. */
  public TrackingOptions withDrain(Duration longest) {
    return new TrackingOptions(server, deadline, longest, heartbeat, environment);
  }

  /** The same with another interval between heartbeats. */
  public TrackingOptions withHeartbeat(Duration interval) {
    return new TrackingOptions(server, deadline, drain, interval, environment);
  }

  /** The same with credentials from elsewhere. */
  public TrackingOptions withEnvironment(Map<String, String> variables) {
    return new TrackingOptions(server, deadline, drain, heartbeat, Map.copyOf(variables));
  }

  /** Leaves the environment out: it may hold secrets. */
  @Override
  public String toString() {
    return "TrackingOptions[server="
        + server.map(Secrets::withoutUser)
        + ", deadline="
        + deadline
        + ", drain="
        + drain
        + "]";
  }
}

package io.facet.tracking.outbox;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.tracking.file.Locks;
import io.facet.tracking.journal.JournalPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a session was delivered. Losing it is harmless: delivery then begins anew, and repeating
 * it changes nothing in MLflow.
 *
 * @param position everything before it was delivered or refused
 * @param delivered events delivered
 * @param refused events MLflow will never take
 * @param server where they were delivered
 * @param runs the session's runs met so far, by uuid
 */
public record Delivery(
    JournalPosition position,
    long delivered,
    long refused,
    String server,
    Map<String, DeliveredRun> runs) {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Nothing delivered yet. */
  public static final Delivery NOTHING = new Delivery(JournalPosition.START, 0, 0, "", Map.of());

  /**
   * A run as far as it was delivered.
   *
   * @param experiment its experiment's name
   * @param name its name
   * @param experimentId MLflow's id of the experiment
   * @param mlflowId MLflow's id of the run, or empty if it was refused
   * @param artifactUri where MLflow keeps its artifacts
   * @param status how it ended, or empty
   */
  public record DeliveredRun(
      String experiment,
      String name,
      String experimentId,
      String mlflowId,
      String artifactUri,
      String status) {

    /** The same run with another status; empty means it goes on. */
    public DeliveredRun withStatus(String status) {
      return new DeliveredRun(experiment, name, experimentId, mlflowId, artifactUri, status);
    }
  }

  /** Copies the runs. */
  public Delivery {
    runs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(runs));
  }

  static Delivery read(Path file) {
    if (!Files.exists(file)) {
      return NOTHING;
    }
    try {
      return JSON.readValue(file.toFile(), Delivery.class);
    } catch (IOException e) {
      LOG.warn("{} is unreadable; delivering the session anew: {}", file, e.getMessage());
      return NOTHING;
    }
  }

  void write(Path file) throws IOException {
    Locks.replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }
}

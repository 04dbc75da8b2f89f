package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.MetricPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads runs back, for leaderboards, re-runs and checks. */
public final class RunReader {
  private static final int PAGE = 500;

  private final Deadlines client;

  /**
   * A run as MLflow shows it.
   *
   * @param status MLflow's word, such as {@code RUNNING}
   * @param endedAt milliseconds since 1970, or 0 while it runs
   * @param metrics last value of each metric
   * @param datasets digest by name of the datasets it read
   */
  public record Run(
      String id,
      String name,
      String status,
      long startedAt,
      long endedAt,
      String artifactUri,
      Map<String, String> params,
      Map<String, Double> metrics,
      Map<String, String> tags,
      Map<String, String> datasets) {}

  RunReader(Deadlines client) {
    this.client = client;
  }

  /** One run by MLflow's id. */
  public Run run(String runId) throws MlflowFailure, InterruptedException {
    String reply =
        client.call("run " + runId, mlflow -> mlflow.sendGet("runs/get?run_id=" + runId));
    return run(Json.read(reply).path("run"));
  }

  /**
   * Runs of an experiment, newest first.
   *
   * @param filter MLflow's filter language, or empty for all
   */
  public List<Run> search(String experimentId, String filter)
      throws MlflowFailure, InterruptedException {
    List<Run> found = new ArrayList<>();
    String token = "";
    do {
      ObjectNode body = Json.object().put("filter", filter).put("max_results", PAGE);
      body.putArray("experiment_ids").add(experimentId);
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      String text = body.toString();
      String reply =
          client.call(
              "runs of experiment " + experimentId, mlflow -> mlflow.sendPost("runs/search", text));
      JsonNode page = Json.read(reply);
      page.path("runs").forEach(node -> found.add(run(node)));
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    return found;
  }

  /** All points of a metric. */
  public List<MetricPoint> history(String runId, String key)
      throws MlflowFailure, InterruptedException {
    return client.call(
        "metric " + key,
        mlflow ->
            mlflow.getMetricHistory(runId, key).stream()
                .map(
                    point ->
                        new MetricPoint(
                            point.getKey(),
                            point.getValue(),
                            point.getTimestamp(),
                            point.getStep()))
                .toList());
  }

  private static Run run(JsonNode node) {
    JsonNode info = node.path("info");
    JsonNode data = node.path("data");
    Map<String, Double> metrics = new LinkedHashMap<>();
    data.path("metrics").forEach(m -> metrics.put(m.path("key").asText(), number(m.path("value"))));
    Map<String, String> datasets = new LinkedHashMap<>();
    for (JsonNode input : node.path("inputs").path("dataset_inputs")) {
      JsonNode dataset = input.path("dataset");
      datasets.put(dataset.path("name").asText(), dataset.path("digest").asText());
    }
    return new Run(
        info.path("run_id").asText(),
        info.path("run_name").asText(),
        info.path("status").asText(),
        info.path("start_time").asLong(),
        info.path("end_time").asLong(),
        info.path("artifact_uri").asText(),
        Json.keyValues(data.path("params")),
        metrics,
        Json.keyValues(data.path("tags")),
        datasets);
  }

  private static double number(JsonNode value) {
    return value.isNumber() ? value.asDouble() : Double.parseDouble(value.asText("NaN"));
  }
}

package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.rest.Json;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads runs back, for leaderboards, re-runs and checks. */
public final class RunReader {
  private static final int PAGE = 500;

  private final Rest rest;

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

  RunReader(Rest rest) {
    this.rest = rest;
  }

  /** One run by MLflow's id. */
  public Run run(String runId) throws MlflowFailure, InterruptedException {
    String call = "runs/get?run_id=" + Json.escape(runId);
    return run(Json.read(rest.send(Rest.Request.get("run " + runId, call))).path("run"));
  }

  /** The run of MLflow's id, or of our own uuid in whichever experiment. */
  public Optional<Run> ofUuid(String idOrUuid) throws MlflowFailure, InterruptedException {
    if (idOrUuid.matches("[0-9a-f]{32}")) {
      try {
        return Optional.of(run(idOrUuid));
      } catch (MlflowFailure e) {
        if (e.passing()) {
          throw e;
        }
        return Optional.empty();
      }
    }
    String filter = "tags.`" + MlflowApi.RUN_TAG + "` = '" + idOrUuid.replace("'", "") + "'";
    for (String experiment : experiments()) {
      List<Run> found = search(experiment, filter);
      if (!found.isEmpty()) {
        return Optional.of(found.get(0));
      }
    }
    return Optional.empty();
  }

  /** Ids of all experiments that are not deleted. */
  public List<String> experiments() throws MlflowFailure, InterruptedException {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      ObjectNode body = Json.object().put("max_results", PAGE);
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      JsonNode page =
          Json.read(
              rest.send(Rest.Request.post("experiments", "experiments/search", body.toString())));
      page.path("experiments").forEach(node -> ids.add(node.path("experiment_id").asText()));
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    return ids;
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
      String what = "runs of experiment " + experimentId;
      JsonNode page = Json.read(rest.send(Rest.Request.post(what, "runs/search", body.toString())));
      page.path("runs").forEach(node -> found.add(run(node)));
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    return found;
  }

  /** All points of a metric. */
  public List<MetricPoint> history(String runId, String key)
      throws MlflowFailure, InterruptedException {
    List<MetricPoint> points = new ArrayList<>();
    String call =
        "metrics/get-history?run_id=" + Json.escape(runId) + "&metric_key=" + Json.escape(key);
    for (JsonNode point :
        Json.read(rest.send(Rest.Request.get("metric " + key, call))).path("metrics")) {
      points.add(
          new MetricPoint(
              point.path("key").asText(),
              number(point.path("value")),
              point.path("timestamp").asLong(),
              point.path("step").asLong()));
    }
    return points;
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

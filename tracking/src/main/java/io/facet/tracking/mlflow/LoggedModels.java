package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.rest.Json;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MLflow 3's logged models. Calls that make something look first whether an earlier call made it
 * already, so that repeating them is harmless.
 */
public final class LoggedModels {
  /** The tag that holds our own uuid of a logged model. */
  public static final String MODEL_TAG = "facet.logged_model";

  private static final Logger LOG = LoggerFactory.getLogger(LoggedModels.class);
  private static final int PAGE = 100;

  private final Rest rest;
  private final String server;
  private Optional<Boolean> offered = Optional.empty();

  /**
   * A logged model as MLflow shows it.
   *
   * @param id MLflow's, which begins with {@code m-}
   * @param artifactUri where MLflow keeps its artifacts
   * @param status MLflow's word, such as {@code LOGGED_MODEL_READY}
   * @param sourceRun MLflow's id of the run that made it
   * @param metrics last value by name
   * @param datasets digest by name of the datasets that metrics were measured on
   */
  public record Entry(
      String id,
      String name,
      String type,
      String artifactUri,
      String status,
      String sourceRun,
      Map<String, String> params,
      Map<String, String> tags,
      Map<String, Double> metrics,
      Map<String, String> datasets) {}

  LoggedModels(Rest rest, String server) {
    this.rest = rest;
    this.server = server;
  }

  /**
   * Whether the server has logged models, as MLflow has from version 3; asked once. That it has
   * none is said in the log.
   *
   * @param experimentId an experiment of the server
   */
  public boolean offered(String experimentId) throws MlflowFailure, InterruptedException {
    if (offered.isEmpty()) {
      offered = Optional.of(ask(experimentId));
      if (!offered.get()) {
        LOG.info(
            "MLflow at {} is older than 3 and has no page of models; versions of registered models"
                + " are made without it",
            server);
      }
    }
    return offered.get();
  }

  private boolean ask(String experimentId) throws MlflowFailure, InterruptedException {
    try {
      search(experimentId, "");
      return true;
    } catch (MlflowFailure e) {
      if (!e.unknownCall()) {
        throw e;
      }
      // It may be a proxy in trouble; MLflow itself answers another call.
      String call = "experiments/get?experiment_id=" + Json.escape(experimentId);
      rest.send(Rest.Request.get("experiment " + experimentId, call));
      return false;
    }
  }

  /**
   * Makes a logged model of a run, or answers the one made before for the same uuid. Should a lost
   * answer have made it twice, the one with the smallest id stays and the others are deleted.
   */
  public Entry create(MlflowApi.RunId run, String uuid, LoggedModel model)
      throws MlflowFailure, InterruptedException {
    Optional<Entry> known = find(run.experimentId(), uuid);
    if (known.isPresent()) {
      return known.get();
    }
    String what = "logged model " + model.name();
    ObjectNode body =
        Json.object()
            .put("experiment_id", run.experimentId())
            .put("name", model.name())
            .put("model_type", model.type())
            .put("source_run_id", run.id());
    ArrayNode params = body.putArray("params");
    model.params().forEach((key, value) -> Json.keyValue(params, key, value));
    ArrayNode tags = body.putArray("tags");
    Json.keyValue(tags, MODEL_TAG, uuid);
    model.tags().forEach((key, value) -> Json.keyValue(tags, key, value));
    post(what, "logged-models", body);
    return withoutDoubles(run.experimentId(), uuid)
        .orElseThrow(
            () ->
                new MlflowFailure(
                    MlflowFailure.Kind.TROUBLE,
                    what + ": the server lost the model it just made",
                    null));
  }

  /** The logged model with our uuid, if the experiment has one. */
  public Optional<Entry> find(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    return ofUuid(experimentId, uuid).stream().findFirst();
  }

  /** Logged models of an experiment that are not deleted, by id; the newest 100. */
  public List<Entry> all(String experimentId) throws MlflowFailure, InterruptedException {
    return search(experimentId, "");
  }

  /**
   * Logs figures of a model in its run; the same points may come again. MLflow tells them apart by
   * name, time and step.
   */
  public void measured(String runId, String modelId, DatasetInput dataset, List<MetricPoint> points)
      throws MlflowFailure, InterruptedException {
    ObjectNode body = Json.object().put("run_id", runId);
    ArrayNode metrics = body.putArray("metrics");
    for (MetricPoint point : points) {
      MetricJson.add(metrics, point)
          .put("model_id", modelId)
          .put("dataset_name", DatasetJson.name(dataset))
          .put("dataset_digest", DatasetJson.digest(dataset));
    }
    post("figures of logged model " + modelId, "runs/log-batch", body);
  }

  /** Says that a model is whole; one that is already stays so. Doubles of it are deleted. */
  public void ready(String experimentId, String uuid, String modelId)
      throws MlflowFailure, InterruptedException {
    String body =
        Json.object().put("model_id", modelId).put("status", "LOGGED_MODEL_READY").toString();
    send("logged model " + modelId, "PATCH", modelId, body);
    withoutDoubles(experimentId, uuid);
  }

  /**
   * Makes a model an output of its run, unless it is one: MLflow lists it once more for every call
   * and cannot take that back. Only a request that was done twice on its way to the server is
   * therefore seen twice.
   */
  public void output(String runId, String modelId) throws MlflowFailure, InterruptedException {
    if (outputs(runId).contains(modelId)) {
      return;
    }
    ObjectNode body = Json.object().put("run_id", runId);
    body.putArray("models").addObject().put("model_id", modelId).put("step", 0);
    post("outputs of run " + runId, "runs/outputs", body);
  }

  /** MLflow's ids of the logged models that are outputs of a run. */
  public List<String> outputs(String runId) throws MlflowFailure, InterruptedException {
    String call = "runs/get?run_id=" + Json.escape(runId);
    JsonNode run = Json.read(rest.send(Rest.Request.get("run " + runId, call))).path("run");
    List<String> ids = new ArrayList<>();
    run.path("outputs")
        .path("model_outputs")
        .forEach(node -> ids.add(node.path("model_id").asText()));
    return ids;
  }

  /** Deletes all models of the uuid but the one with the smallest id, and answers that. */
  private Optional<Entry> withoutDoubles(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    List<Entry> made = ofUuid(experimentId, uuid);
    for (Entry doubled : made.subList(Math.min(1, made.size()), made.size())) {
      send("logged model " + doubled.id(), "DELETE", doubled.id(), "");
    }
    return made.stream().findFirst();
  }

  private List<Entry> ofUuid(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    return search(experimentId, "tags.`" + MODEL_TAG + "` = '" + uuid.replace("'", "") + "'");
  }

  private List<Entry> search(String experimentId, String filter)
      throws MlflowFailure, InterruptedException {
    ObjectNode body = Json.object().put("max_results", PAGE);
    body.putArray("experiment_ids").add(experimentId);
    if (!filter.isEmpty()) {
      body.put("filter", filter);
    }
    List<Entry> found = new ArrayList<>();
    for (JsonNode node : post("logged models", "logged-models/search", body).path("models")) {
      found.add(entry(node));
    }
    found.sort(Comparator.comparing(Entry::id));
    return found;
  }

  private static Entry entry(JsonNode node) {
    JsonNode info = node.path("info");
    JsonNode data = node.path("data");
    Map<String, Double> metrics = new HashMap<>();
    Map<String, String> datasets = new HashMap<>();
    for (JsonNode metric : data.path("metrics")) {
      metrics.put(metric.path("key").asText(), metric.path("value").asDouble());
      datasets.put(metric.path("dataset_name").asText(), metric.path("dataset_digest").asText());
    }
    return new Entry(
        info.path("model_id").asText(),
        info.path("name").asText(),
        info.path("model_type").asText(),
        info.path("artifact_uri").asText(),
        info.path("status").asText(),
        info.path("source_run_id").asText(),
        Json.keyValues(data.path("params")),
        Json.keyValues(info.path("tags")),
        metrics,
        datasets);
  }

  private JsonNode post(String what, String call, ObjectNode body)
      throws MlflowFailure, InterruptedException {
    return Json.read(rest.send(Rest.Request.post(what, call, body.toString())));
  }

  private void send(String what, String method, String modelId, String json)
      throws MlflowFailure, InterruptedException {
    String path = Rest.Request.API + "logged-models/" + Json.escape(modelId);
    rest.send(new Rest.Request(what, method, path, json, Optional.empty()));
  }
}

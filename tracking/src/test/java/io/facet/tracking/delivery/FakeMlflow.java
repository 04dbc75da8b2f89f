package io.facet.tracking.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.mlflow.MlflowApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model of MLflow's REST interface in memory: what it keeps and how it answers. */
class FakeMlflow implements Backend {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, String> experiments = new LinkedHashMap<>();
  private final Map<String, StoredRun> runs = new LinkedHashMap<>();
  private final Map<String, byte[]> artifacts = new LinkedHashMap<>();
  private final List<ObjectNode> versions = new ArrayList<>();
  private final Map<String, Integer> models = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, ObjectNode> loggedModels = new LinkedHashMap<>();
  private final boolean listsModels;
  private int made;

  FakeMlflow() {
    this(true);
  }

  /** {@code listsModels}: whether it has the calls that MLflow has from version 3. */
  FakeMlflow(boolean listsModels) {
    this.listsModels = listsModels;
  }

  /** An HTTP answer. */
  record Reply(int status, String body) {}

  private static final class StoredRun {
    private String experiment = "";
    private String name = "";
    private String status = "RUNNING";
    private boolean deleted;
    private long start;
    private long end;
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Set<JsonNode> points = new LinkedHashSet<>();
    private final Map<String, JsonNode> datasets = new LinkedHashMap<>();
    private final List<JsonNode> outputs = new ArrayList<>();
  }

  /** Answers a request as MLflow does. */
  @Override
  public synchronized Reply answer(
      String method, String path, Map<String, String> query, byte[] body)
      throws java.io.IOException {
    String artifactService = "/api/2.0/mlflow-artifacts/artifacts/";
    if (path.startsWith(artifactService)) {
      return artifact(method, path.substring(artifactService.length()), body);
    }
    String call = path.replaceFirst("^/api/2.0/mlflow/", "");
    JsonNode json = body.length > 0 ? JSON.readTree(body) : JSON.createObjectNode();
    if (call.startsWith("logged-models")) {
      return listsModels ? loggedModel(method, call, json) : noSuchPage();
    }
    return switch (call) {
      case "experiments/get-by-name" -> experimentByName(query.get("experiment_name"));
      case "experiments/get" -> ok("experiment", JSON.createObjectNode());
      case "experiments/create" -> createExperiment(json.path("name").asText());
      case "runs/search" -> search(json);
      case "runs/create" -> createRun(json);
      case "runs/get" -> onRun(query.get("run_id"), run -> ok("run", json(query.get("run_id"))));
      case "runs/update" -> onRun(json, run -> update(run, json));
      case "runs/delete" -> onRun(json, run -> delete(run));
      case "runs/set-tag" -> onRun(json, run -> setTag(run, json));
      case "runs/log-batch" -> onRun(json, run -> logBatch(run, json));
      case "runs/log-inputs" -> onRun(json, run -> logInputs(run, json));
      case "runs/outputs" -> onRun(json, run -> logOutputs(run, json));
      case "metrics/get-history" -> history(query);
      case "registered-models/create" -> createModel(json.path("name").asText());
      case "model-versions/create" -> createVersion((ObjectNode) json);
      case "model-versions/search" -> searchVersions(query.getOrDefault("filter", ""));
      case "model-versions/delete" -> deleteVersion(json);
      case "registered-models/alias" -> method.equals("GET") ? aliased(query) : alias(json);
      default -> error(404, "ENDPOINT_NOT_FOUND", method + " " + call);
    };
  }

  /** Contents of the artifacts by path. */
  synchronized Map<String, byte[]> artifacts() {
    return Map.copyOf(artifacts);
  }

  /** Runs that are not deleted. */
  synchronized long runCount() {
    return runs.values().stream().filter(run -> !run.deleted).count();
  }

  /** Versions of all registered models. */
  synchronized int versionCount() {
    return versions.size();
  }

  /** Logged models that are not deleted. */
  synchronized int loggedModelCount() {
    return loggedModels.size();
  }

  /** As a server that does not know a path. */
  private static Reply noSuchPage() {
    return new Reply(404, "<!doctype html><title>404 Not Found</title>");
  }

  private Reply loggedModel(String method, String call, JsonNode json) {
    String id = call.substring(call.indexOf('/') + 1);
    return switch (method) {
      case "POST" -> id.equals("search") ? searchModels(json) : logModel(json);
      case "PATCH" -> {
        ((ObjectNode) loggedModels.get(id).path("info")).set("status", json.path("status"));
        yield ok("model", loggedModels.get(id));
      }
      default -> {
        loggedModels.remove(id);
        yield new Reply(200, "{}");
      }
    };
  }

  private Reply logModel(JsonNode json) {
    String id = String.format("m-%032x", ++made);
    ObjectNode model = JSON.createObjectNode();
    ObjectNode info = model.putObject("info").put("model_id", id);
    info.setAll((ObjectNode) json);
    info.put("status", "LOGGED_MODEL_PENDING");
    info.put(
        "artifact_uri",
        "mlflow-artifacts:/%s/models/%s/artifacts"
            .formatted(json.path("experiment_id").asText(), id));
    model.putObject("data").set("params", json.path("params"));
    ((ObjectNode) model.path("data")).putArray("metrics");
    loggedModels.put(id, model);
    return ok("model", model);
  }

  /** Knows filters of the form {@code tags.`...` = '...'}. */
  private Reply searchModels(JsonNode json) {
    String filter = json.path("filter").asText();
    ArrayNode found = JSON.createArrayNode();
    for (ObjectNode model : loggedModels.values()) {
      String tags = model.path("info").path("tags").toString();
      boolean here =
          json.path("experiment_ids")
              .toString()
              .contains(model.path("info").path("experiment_id").asText());
      if (here && (filter.isEmpty() || tags.contains(filter.split("'")[1]))) {
        found.add(model);
      }
    }
    return ok("models", found);
  }

  /** Lists a model once for every call, as MLflow does. */
  private static Reply logOutputs(StoredRun run, JsonNode json) {
    json.path("models").forEach(run.outputs::add);
    return new Reply(200, "{}");
  }

  private Reply artifact(String method, String path, byte[] body) {
    if (method.equals("GET")) {
      byte[] kept = artifacts.get(path);
      return kept == null
          ? error(404, "RESOURCE_DOES_NOT_EXIST", path)
          : new Reply(200, new String(kept, StandardCharsets.UTF_8));
    }
    artifacts.put(path, body);
    return new Reply(200, "{}");
  }

  private interface OnRun {
    Reply answer(StoredRun run);
  }

  private Reply onRun(JsonNode json, OnRun then) {
    return onRun(json.path("run_id").asText(), then);
  }

  private Reply onRun(String id, OnRun then) {
    StoredRun run = runs.get(id);
    return run == null
        ? error(404, "RESOURCE_DOES_NOT_EXIST", "Run with id=" + id + " not found")
        : then.answer(run);
  }

  private Reply experimentByName(String name) {
    if (!experiments.containsKey(name)) {
      return error(404, "RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
    }
    ObjectNode experiment = JSON.createObjectNode();
    experiment.put("experiment_id", experiments.get(name)).put("name", name);
    return ok("experiment", experiment.put("lifecycle_stage", "active"));
  }

  private Reply createExperiment(String name) {
    if (experiments.containsKey(name)) {
      return error(400, "RESOURCE_ALREADY_EXISTS", "experiment " + name);
    }
    experiments.put(name, Integer.toString(experiments.size() + 1));
    return new Reply(200, "{\"experiment_id\": \"" + experiments.get(name) + "\"}");
  }

  private Reply createRun(JsonNode json) {
    StoredRun run = new StoredRun();
    run.experiment = json.path("experiment_id").asText();
    run.name = json.path("run_name").asText();
    run.start = json.path("start_time").asLong();
    json.path("tags").forEach(t -> run.tags.put(t.path("key").asText(), t.path("value").asText()));
    String id = String.format("%032x", ++made);
    runs.put(id, run);
    return ok("run", json(id));
  }

  private Reply update(StoredRun run, JsonNode json) {
    run.status = json.path("status").asText(run.status);
    run.end = json.path("end_time").asLong();
    return new Reply(200, "{}");
  }

  private static Reply delete(StoredRun run) {
    run.deleted = true;
    return new Reply(200, "{}");
  }

  private Reply setTag(StoredRun run, JsonNode json) {
    run.tags.put(json.path("key").asText(), json.path("value").asText());
    return new Reply(200, "{}");
  }

  private Reply logBatch(StoredRun run, JsonNode json) {
    if (run.deleted) {
      return error(400, "INVALID_PARAMETER_VALUE", "the run must be active");
    }
    int items = json.path("metrics").size() + json.path("params").size() + json.path("tags").size();
    if (items > 1000 || json.path("params").size() > 100 || json.path("tags").size() > 100) {
      return error(400, "INVALID_PARAMETER_VALUE", "too many items");
    }
    for (JsonNode param : json.path("params")) {
      String known = run.params.get(param.path("key").asText());
      if (known != null && !known.equals(param.path("value").asText())) {
        return error(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed");
      }
    }
    json.path("params")
        .forEach(p -> run.params.put(p.path("key").asText(), p.path("value").asText()));
    json.path("tags").forEach(t -> run.tags.put(t.path("key").asText(), t.path("value").asText()));
    for (JsonNode metric : json.path("metrics")) {
      ObjectNode point = metric.deepCopy();
      point.remove(List.of("model_id", "dataset_name", "dataset_digest"));
      run.points.add(point);
      JsonNode model = loggedModels.get(metric.path("model_id").asText());
      if (model != null) {
        ((ArrayNode) model.path("data").path("metrics")).add(metric);
      }
    }
    return new Reply(200, "{}");
  }

  private Reply logInputs(StoredRun run, JsonNode json) {
    json.path("datasets")
        .forEach(input -> run.datasets.put(input.path("dataset").toString(), input));
    return new Reply(200, "{}");
  }

  private Reply search(JsonNode json) {
    String filter = json.path("filter").asText();
    String uuid = filter.contains("'") ? filter.split("'")[1] : "";
    ArrayNode found = JSON.createArrayNode();
    runs.forEach(
        (id, run) -> {
          boolean wanted = uuid.isEmpty() || uuid.equals(run.tags.get(MlflowApi.RUN_TAG));
          boolean here = json.path("experiment_ids").toString().contains(run.experiment);
          if (wanted && here && !run.deleted) {
            found.add(json(id));
          }
        });
    return ok("runs", found);
  }

  private Reply history(Map<String, String> query) {
    ArrayNode points = JSON.createArrayNode();
    for (JsonNode point : runs.get(query.get("run_id")).points) {
      if (point.path("key").asText().equals(query.get("metric_key"))) {
        points.add(point);
      }
    }
    return ok("metrics", points);
  }

  private Reply createModel(String name) {
    return models.putIfAbsent(name, 0) == null
        ? new Reply(200, "{}")
        : error(400, "RESOURCE_ALREADY_EXISTS", "model " + name);
  }

  private Reply createVersion(ObjectNode json) {
    int number = models.merge(json.path("name").asText(), 1, Integer::sum);
    versions.add(json.put("version", Integer.toString(number)));
    return ok("model_version", json);
  }

  /** Knows filters of the form {@code name='...' and run_id='...'}. */
  private Reply searchVersions(String filter) {
    ArrayNode found = JSON.createArrayNode();
    for (ObjectNode version : versions) {
      boolean wanted = true;
      for (String term : filter.split(" and ")) {
        String[] pair = term.split("=", 2);
        wanted &= version.path(pair[0]).asText().equals(pair[1].replace("'", ""));
      }
      if (wanted) {
        found.add(version);
      }
    }
    return ok("model_versions", found);
  }

  private Reply deleteVersion(JsonNode json) {
    versions.removeIf(
        version ->
            version.path("name").equals(json.path("name"))
                && version.path("version").equals(json.path("version")));
    return new Reply(200, "{}");
  }

  private Reply alias(JsonNode json) {
    aliases.put(
        json.path("name").asText() + "@" + json.path("alias").asText(),
        json.path("version").asText());
    return new Reply(200, "{}");
  }

  private Reply aliased(Map<String, String> query) {
    String number = aliases.get(query.get("name") + "@" + query.get("alias"));
    for (ObjectNode version : versions) {
      if (version.path("name").asText().equals(query.get("name"))
          && version.path("version").asText().equals(number)) {
        return ok("model_version", version);
      }
    }
    return error(404, "RESOURCE_DOES_NOT_EXIST", "no alias " + query);
  }

  private ObjectNode json(String id) {
    StoredRun run = runs.get(id);
    ObjectNode node = JSON.createObjectNode();
    node.putObject("info")
        .put("run_id", id)
        .put("run_uuid", id)
        .put("run_name", run.name)
        .put("experiment_id", run.experiment)
        .put("status", run.status)
        .put("start_time", run.start)
        .put("end_time", run.end)
        .put("artifact_uri", "mlflow-artifacts:/" + run.experiment + "/" + id + "/artifacts")
        .put("lifecycle_stage", run.deleted ? "deleted" : "active");
    ObjectNode data = node.putObject("data");
    put(data.putArray("params"), run.params);
    put(data.putArray("tags"), run.tags);
    ArrayNode metrics = data.putArray("metrics");
    Map<String, JsonNode> last = new LinkedHashMap<>();
    run.points.forEach(point -> last.put(point.path("key").asText(), point));
    last.values().forEach(metrics::add);
    ArrayNode inputs = node.putObject("inputs").putArray("dataset_inputs");
    run.datasets.values().forEach(inputs::add);
    ArrayNode outputs = node.putObject("outputs").putArray("model_outputs");
    run.outputs.forEach(outputs::add);
    return node;
  }

  private static void put(ArrayNode list, Map<String, String> values) {
    values.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
  }

  private static Reply ok(String field, JsonNode value) {
    ObjectNode body = JSON.createObjectNode();
    body.set(field, value);
    return new Reply(200, body.toString());
  }

  private static Reply error(int status, String code, String message) {
    ObjectNode body = JSON.createObjectNode();
    return new Reply(status, body.put("error_code", code).put("message", message).toString());
  }
}

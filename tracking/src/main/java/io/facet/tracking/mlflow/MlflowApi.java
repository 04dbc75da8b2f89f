package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.rest.Credentials;
import io.facet.tracking.rest.HttpRest;
import io.facet.tracking.rest.Json;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import io.facet.tracking.rest.TrackingOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Facet asks of an MLflow server, over its REST interface 2.0. Every request is answered or
 * fails within the deadline; calls that make something look first whether an earlier call made it
 * already, so that repeating them is harmless. Not for use from several threads at once.
 */
public final class MlflowApi implements AutoCloseable {
  /** The tag that holds our own uuid of a run. */
  public static final String RUN_TAG = "facet.run";

  private static final int MOST_DOUBLES = 100;

  private final String server;
  private final Rest rest;
  private final ArtifactService artifacts;
  private final Registry registry;
  private final LoggedModels loggedModels;
  private final RunReader reader;

  /** MLflow's own names of a run. */
  public record RunId(String id, String experimentId, String artifactUri, boolean running) {}

  /** The server of some options, which must have one. Nothing is asked yet. */
  public MlflowApi(TrackingOptions options) {
    this(options.server().orElseThrow(), options.deadline(), options.environment());
  }

  /** Nothing is asked yet. */
  public MlflowApi(URI server, Duration deadline, Map<String, String> environment) {
    this(new Credentials(server, environment), deadline);
  }

  private MlflowApi(Credentials credentials, Duration deadline) {
    this(credentials.address(), new HttpRest(credentials, deadline));
  }

  /** Calls to the server of this name by the given way to it. */
  public MlflowApi(String server, Rest rest) {
    this.server = server;
    this.rest = rest;
    artifacts = new ArtifactService(rest);
    registry = new Registry(rest);
    loggedModels = new LoggedModels(rest, server);
    reader = new RunReader(rest);
  }

  /** The server's address, without user or password. */
  public String server() {
    return server;
  }

  /** Registered models. */
  public Registry registry() {
    return registry;
  }

  /** Models as MLflow 3 lists them. */
  public LoggedModels loggedModels() {
    return loggedModels;
  }

  /** Reads runs back. */
  public RunReader reader() {
    return reader;
  }

  /**
   * Id of the experiment of this name, made if missing: as one that trains models, else MLflow's
   * page shows it with the views of language models.
   */
  public String experiment(String name) throws MlflowFailure, InterruptedException {
    Optional<String> known = findExperiment(name);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      ObjectNode body = Json.object().put("name", name);
      Json.keyValue(body.putArray("tags"), "mlflow.experimentKind", "custom_model_development");
      return post("experiment " + name, "experiments/create", body).path("experiment_id").asText();
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.REFUSED) {
        return findExperiment(name).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /**
   * Id of the experiment of this name, if there is one.
   *
   * @throws MlflowFailure of kind {@code DELETED} if it was deleted: nothing can be written to it,
   *     and its name cannot be given again, until someone restores it
   */
  public Optional<String> findExperiment(String name) throws MlflowFailure, InterruptedException {
    try {
      String call = "experiments/get-by-name?experiment_name=" + Json.escape(name);
      return Optional.of(activeId(get("experiment " + name, call)));
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Makes sure that runs of an experiment can be written.
   *
   * @throws MlflowFailure of kind {@code DELETED} if the experiment was deleted
   */
  public void requireActive(String experimentId) throws MlflowFailure, InterruptedException {
    String call = "experiments/get?experiment_id=" + Json.escape(experimentId);
    activeId(get("experiment " + experimentId, call));
  }

  /** Asks for something that needs permission to read. */
  void requireAccess() throws MlflowFailure, InterruptedException {
    post("experiments", "experiments/search", Json.object().put("max_results", 1));
  }

  private String activeId(JsonNode reply) throws MlflowFailure {
    JsonNode experiment = reply.path("experiment");
    String id = experiment.path("experiment_id").asText();
    if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
      throw new MlflowFailure(
          MlflowFailure.Kind.DELETED,
          "the experiment '%s' was deleted in MLflow; restore it (MLFLOW_TRACKING_URI=%s mlflow experiments restore --experiment-id %s) or name another in the recipe (tracking.experiment)"
              .formatted(experiment.path("name").asText(), server, id),
          null);
    }
    return id;
  }

  /** The run with our uuid, if the experiment has one. */
  public Optional<RunId> findRun(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    return runs(experimentId, uuid).stream().findFirst();
  }

  /**
   * Makes a run, or answers the one made before for the same uuid. Should a lost answer have made
   * it twice, the one with the smallest id stays and the others are deleted.
   */
  public RunId createRun(
      String experimentId, String uuid, String name, long startedAt, Map<String, String> tags)
      throws MlflowFailure, InterruptedException {
    Optional<RunId> known = findRun(experimentId, uuid);
    if (known.isPresent()) {
      return known.get();
    }
    ObjectNode body =
        Json.object()
            .put("experiment_id", experimentId)
            .put("run_name", name)
            .put("user_id", tags.getOrDefault("mlflow.user", ""))
            .put("start_time", startedAt);
    ArrayNode list = body.putArray("tags");
    Json.keyValue(list, RUN_TAG, uuid);
    tags.forEach((key, value) -> Json.keyValue(list, key, value));
    post("run " + name, "runs/create", body);
    return withoutDoubles(experimentId, uuid, "").stream()
        .findFirst()
        .orElseThrow(
            () ->
                new MlflowFailure(
                    MlflowFailure.Kind.TROUBLE,
                    "run " + name + ": the server lost the run it just made",
                    null));
  }

  /** Whether the run can still be written; a run deleted in MLflow cannot. */
  public boolean writable(String runId) throws MlflowFailure, InterruptedException {
    try {
      JsonNode run = get("run " + runId, "runs/get?run_id=" + Json.escape(runId)).path("run");
      return run.path("info").path("lifecycle_stage").asText().equals("active");
    } catch (MlflowFailure e) {
      if (e.passing()) {
        throw e;
      }
      return false;
    }
  }

  /** One batch, within MLflow's limits; the same points, parameters and tags may come again. */
  public void batch(
      String runId,
      List<MetricPoint> points,
      List<Map.Entry<String, String>> params,
      List<Map.Entry<String, String>> tags)
      throws MlflowFailure, InterruptedException {
    ObjectNode body = Json.object().put("run_id", runId);
    ArrayNode metrics = body.putArray("metrics");
    points.forEach(point -> MetricJson.add(metrics, point));
    ArrayNode values = body.putArray("params");
    params.forEach(param -> Json.keyValue(values, param.getKey(), param.getValue()));
    ArrayNode labels = body.putArray("tags");
    tags.forEach(tag -> Json.keyValue(labels, tag.getKey(), tag.getValue()));
    post("batch of run " + runId, "runs/log-batch", body);
  }

  /** A dataset the run read; MLflow keeps one entry for the same name, digest and run. */
  public void dataset(String runId, DatasetInput dataset)
      throws MlflowFailure, InterruptedException {
    String body = DatasetJson.logInputs(runId, dataset);
    rest.send(Rest.Request.post("dataset " + dataset.name(), "runs/log-inputs", body));
  }

  /** Uploads a file to a place among the run's artifacts. */
  public void artifact(RunId run, String path, Path content)
      throws MlflowFailure, InterruptedException {
    artifact(run.artifactUri(), path, content);
  }

  /** Uploads a file to a place below an artifact address. */
  public void artifact(String artifactUri, String path, Path content)
      throws MlflowFailure, InterruptedException {
    artifacts.put(artifactUri, path, content);
  }

  /** Content of a file among a run's artifacts. */
  public byte[] artifact(String artifactUri, String path)
      throws MlflowFailure, InterruptedException {
    return artifacts.get(artifactUri, path);
  }

  /** Content of a text file among a run's artifacts. */
  public String text(String artifactUri, String path) throws MlflowFailure, InterruptedException {
    return new String(artifact(artifactUri, path), StandardCharsets.UTF_8);
  }

  /**
   * Ends a run, with its true status and time. A second run of the same uuid, made by a request the
   * server did only after its deadline, is deleted.
   */
  public void end(RunId run, String uuid, RunStatus status, long endedAt)
      throws MlflowFailure, InterruptedException {
    ObjectNode body =
        Json.object().put("run_id", run.id()).put("status", status.name()).put("end_time", endedAt);
    post("end of run " + uuid, "runs/update", body);
    withoutDoubles(run.experimentId(), uuid, run.id());
  }

  /** Marks a run that had ended as running again. */
  public void goOn(String runId) throws MlflowFailure, InterruptedException {
    post(
        "run " + runId, "runs/update", Json.object().put("run_id", runId).put("status", "RUNNING"));
  }

  /** Sets one tag of a run. */
  public void tag(String runId, String key, String value)
      throws MlflowFailure, InterruptedException {
    ObjectNode body = Json.object().put("run_id", runId).put("key", key).put("value", value);
    post("tag " + key, "runs/set-tag", body);
  }

  /** Address of a run's page. */
  public String page(RunId run) {
    return server() + "/#/experiments/" + run.experimentId() + "/runs/" + run.id();
  }

  /** Frees the connections. */
  @Override
  public void close() {
    rest.close();
  }

  private JsonNode get(String what, String call) throws MlflowFailure, InterruptedException {
    return Json.read(rest.send(Rest.Request.get(what, call)));
  }

  private JsonNode post(String what, String call, ObjectNode body)
      throws MlflowFailure, InterruptedException {
    return Json.read(rest.send(Rest.Request.post(what, call, body.toString())));
  }

  /** Runs of the uuid that are not deleted, by id. */
  private List<RunId> runs(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    ObjectNode body =
        Json.object()
            .put("filter", "tags.`" + RUN_TAG + "` = '" + uuid.replace("'", "") + "'")
            .put("max_results", MOST_DOUBLES);
    body.putArray("experiment_ids").add(experimentId);
    List<RunId> found = new ArrayList<>();
    for (JsonNode run : post("run " + uuid, "runs/search", body).path("runs")) {
      JsonNode info = run.path("info");
      found.add(
          new RunId(
              info.path("run_id").asText(),
              info.path("experiment_id").asText(),
              info.path("artifact_uri").asText(),
              info.path("status").asText().equals("RUNNING")));
    }
    found.sort(Comparator.comparing(RunId::id));
    return found;
  }

  /** Deletes all runs of the uuid but {@code keep}, or but the first one if that is empty. */
  private List<RunId> withoutDoubles(String experimentId, String uuid, String keep)
      throws MlflowFailure, InterruptedException {
    List<RunId> made = runs(experimentId, uuid);
    for (RunId doubled : made) {
      String kept = keep.isEmpty() ? made.get(0).id() : keep;
      if (!doubled.id().equals(kept)) {
        post("run " + uuid, "runs/delete", Json.object().put("run_id", doubled.id()));
      }
    }
    return made;
  }
}

package io.facet.tracking.mlflow;

import io.facet.tracking.DatasetInput;
import io.facet.tracking.MetricPoint;
import io.facet.tracking.RunStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/**
 * What Facet asks of an MLflow server. Every call answers or fails within the deadline; calls that
 * make something look first whether an earlier call made it already, so that repeating them is
 * harmless. Not for use from several threads at once.
 *
 * <p>Runs, experiments and batches go through MLflow's Java client; what that client lacks goes as
 * JSON through its {@code sendPost}; only artifact uploads and deletions, for which it would start
 * Python or has no call, use {@code java.net.http}.
 */
public final class MlflowApi implements AutoCloseable {
  /** The tag that holds our own uuid of a run. */
  public static final String RUN_TAG = "facet.run";

  private final Credentials credentials;
  private final Deadlines client;
  private final ArtifactUpload upload;
  private final Registry registry;
  private final RunReader reader;

  /** MLflow's own names of a run. */
  public record RunId(String id, String experimentId, String artifactUri, boolean running) {}

  /** Nothing is asked yet. */
  public MlflowApi(URI server, Duration deadline, Map<String, String> environment) {
    credentials = new Credentials(server, environment);
    client = new Deadlines(credentials, deadline);
    PlainHttp http = new PlainHttp(credentials, deadline);
    upload = new ArtifactUpload(http);
    registry = new Registry(client, http);
    reader = new RunReader(client);
  }

  /** The server's address, without user or password. */
  public String server() {
    return credentials.address();
  }

  /** Registered models. */
  public Registry registry() {
    return registry;
  }

  /** Reads runs back. */
  public RunReader reader() {
    return reader;
  }

  /** Id of the experiment of this name, made if missing. */
  public String experiment(String name) throws MlflowFailure, InterruptedException {
    String what = "experiment " + name;
    Optional<String> known = findExperiment(name);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return client.call(what, mlflow -> mlflow.createExperiment(name));
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.REFUSED) {
        return findExperiment(name).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /** Id of the experiment of this name, if there is one. */
  public Optional<String> findExperiment(String name) throws MlflowFailure, InterruptedException {
    return client.call(
        "experiment " + name,
        mlflow -> mlflow.getExperimentByName(name).map(Service.Experiment::getExperimentId));
  }

  /** The run with our uuid, if the experiment has one. */
  public Optional<RunId> findRun(String experimentId, String uuid)
      throws MlflowFailure, InterruptedException {
    return client.call("run " + uuid, mlflow -> first(runs(mlflow, experimentId, uuid)));
  }

  /**
   * Makes a run, or answers the one made before for the same uuid. Should a lost answer or a retry
   * inside the client have made it twice, the one with the smallest id stays and the others are
   * deleted.
   */
  public RunId createRun(
      String experimentId, String uuid, String name, long startedAt, Map<String, String> tags)
      throws MlflowFailure, InterruptedException {
    String what = "run " + name;
    return client.call(
        what,
        mlflow -> {
          Optional<RunId> known = first(runs(mlflow, experimentId, uuid));
          if (known.isPresent()) {
            return known.get();
          }
          Service.CreateRun.Builder run =
              Service.CreateRun.newBuilder()
                  .setExperimentId(experimentId)
                  .setRunName(name)
                  .setUserId(tags.getOrDefault("mlflow.user", ""))
                  .setStartTime(startedAt)
                  .addTags(tag(RUN_TAG, uuid));
          tags.forEach((key, value) -> run.addTags(tag(key, value)));
          mlflow.createRun(run.build());
          return first(withoutDoubles(mlflow, experimentId, uuid, "")).orElseThrow();
        });
  }

  /** Whether the run can still be written; a run deleted in MLflow cannot. */
  public boolean writable(String runId) throws MlflowFailure, InterruptedException {
    try {
      return client.call(
          "run " + runId,
          mlflow -> "active".equals(mlflow.getRun(runId).getInfo().getLifecycleStage()));
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
    List<Service.Metric> metrics =
        points.stream()
            .map(
                point ->
                    Service.Metric.newBuilder()
                        .setKey(point.key())
                        .setValue(point.value())
                        .setTimestamp(point.timestamp())
                        .setStep(point.step())
                        .build())
            .toList();
    List<Service.Param> values =
        params.stream()
            .map(
                param ->
                    Service.Param.newBuilder()
                        .setKey(param.getKey())
                        .setValue(param.getValue())
                        .build())
            .toList();
    List<Service.RunTag> labels =
        tags.stream().map(entry -> tag(entry.getKey(), entry.getValue())).toList();
    client.call(
        "batch of run " + runId,
        mlflow -> {
          mlflow.logBatch(runId, metrics, values, labels);
          return null;
        });
  }

  /** A dataset the run read; MLflow keeps one entry for the same name, digest and run. */
  public void dataset(String runId, DatasetInput dataset)
      throws MlflowFailure, InterruptedException {
    String body = DatasetJson.logInputs(runId, dataset);
    client.call("dataset " + dataset.name(), mlflow -> mlflow.sendPost("runs/log-inputs", body));
  }

  /** Uploads a file to a place among the run's artifacts. */
  public void artifact(RunId run, String path, Path content)
      throws MlflowFailure, InterruptedException {
    upload.put(run.artifactUri(), path, content);
  }

  /**
   * Ends a run, with its true status and time. A second run of the same uuid, made by a request the
   * server did only after its deadline, is deleted.
   */
  public void end(RunId run, String uuid, RunStatus status, long endedAt)
      throws MlflowFailure, InterruptedException {
    client.call(
        "end of run " + uuid,
        mlflow -> {
          mlflow.setTerminated(run.id(), Service.RunStatus.valueOf(status.name()), endedAt);
          return withoutDoubles(mlflow, run.experimentId(), uuid, run.id());
        });
  }

  /** Marks a run that had ended as running again. */
  public void goOn(String runId) throws MlflowFailure, InterruptedException {
    String body = Json.object().put("run_id", runId).put("status", "RUNNING").toString();
    client.call("run " + runId, mlflow -> mlflow.sendPost("runs/update", body));
  }

  /** Sets one tag of a run. */
  public void tag(String runId, String key, String value)
      throws MlflowFailure, InterruptedException {
    client.call(
        "tag " + key,
        mlflow -> {
          mlflow.setTag(runId, key, value);
          return null;
        });
  }

  /** Address of a run's page. */
  public String page(RunId run) {
    return server() + "/#/experiments/" + run.experimentId() + "/runs/" + run.id();
  }

  /** Frees the connections. */
  @Override
  public void close() {
    client.close();
  }

  private static List<Service.RunInfo> runs(MlflowClient mlflow, String experimentId, String uuid) {
    String filter = "tags.`" + RUN_TAG + "` = '" + uuid.replace("'", "") + "'";
    return mlflow.searchRuns(List.of(experimentId), filter).stream()
        .sorted(Comparator.comparing(Service.RunInfo::getRunId))
        .toList();
  }

  /** Deletes all runs of the uuid but {@code keep}, or but the first one if that is empty. */
  private static List<Service.RunInfo> withoutDoubles(
      MlflowClient mlflow, String experimentId, String uuid, String keep) {
    List<Service.RunInfo> made = runs(mlflow, experimentId, uuid);
    for (Service.RunInfo doubled : made) {
      String kept = keep.isEmpty() ? made.get(0).getRunId() : keep;
      if (!doubled.getRunId().equals(kept)) {
        mlflow.deleteRun(doubled.getRunId());
      }
    }
    return made;
  }

  private static Optional<RunId> first(List<Service.RunInfo> runs) {
    return runs.stream()
        .findFirst()
        .map(
            run ->
                new RunId(
                    run.getRunId(),
                    run.getExperimentId(),
                    run.getArtifactUri(),
                    run.getStatus() == Service.RunStatus.RUNNING));
  }

  private static Service.RunTag tag(String key, String value) {
    return Service.RunTag.newBuilder().setKey(key).setValue(value).build();
  }
}

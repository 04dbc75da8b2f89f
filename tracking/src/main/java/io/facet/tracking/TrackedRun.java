package io.facet.tracking;

import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.entity.VersionMark;
import io.facet.tracking.file.BlobFolder;
import io.facet.tracking.journal.TrackingEvent;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A run that is going on. Every call is stamped and journalled on this machine and returns at once;
 * the server is told later, in the same order. Safe from any thread. Only a disk that cannot be
 * written throws ({@link UncheckedIOException}); calls after {@link #end} are ignored.
 */
public final class TrackedRun {
  private final Tracking tracking;
  private final String uuid;
  private final RunSpec spec;
  private final AtomicBoolean ended = new AtomicBoolean();

  TrackedRun(Tracking tracking, String uuid, RunSpec spec) {
    this.tracking = tracking;
    this.uuid = uuid;
    this.spec = spec;
  }

  /** The run's own name for ever; MLflow's run has it as the tag {@code facet.run}. */
  public String uuid() {
    return uuid;
  }

  /** What it was started with. */
  public RunSpec spec() {
    return spec;
  }

  /** Starts a run below this one, in the same experiment. */
  public TrackedRun child(String name, Map<String, String> tags) {
    return tracking.start(RunSpec.of(spec.experiment(), name).below(this).with(tags));
  }

  /**
   * Parameters; each keeps its first value. Values beyond 6,000 characters are cut, with a note.
   */
  public TrackedRun params(Map<String, String> values) {
    if (!values.isEmpty()) {
      log(new TrackingEvent.Params(uuid, now(), tracking.fit(values, Limits.PARAM)));
    }
    return this;
  }

  /** One value of a metric, at this moment. */
  public TrackedRun metric(String key, double value, long step) {
    return metric(key, value, step, now());
  }

  /** One value of a metric, at {@code timestamp} (milliseconds since 1970). */
  public TrackedRun metric(String key, double value, long step, long timestamp) {
    return metrics(List.of(new MetricPoint(key, value, timestamp, step)));
  }

  /** Several metrics of one step, at {@code timestamp} (milliseconds since 1970). */
  public TrackedRun metrics(Map<String, Double> values, long step, long timestamp) {
    return metrics(
        values.entrySet().stream()
            .map(entry -> new MetricPoint(entry.getKey(), entry.getValue(), timestamp, step))
            .toList());
  }

  /**
   * Any number of points. The same point (key, value, time, step) given again, such as by a resumed
   * driver that reads progress once more, is in MLflow once.
   */
  public TrackedRun metrics(List<MetricPoint> points) {
    for (int from = 0; from < points.size(); from += Tracking.POINTS_PER_EVENT) {
      List<MetricPoint> some =
          points.subList(from, Math.min(points.size(), from + Tracking.POINTS_PER_EVENT));
      log(new TrackingEvent.Metrics(uuid, now(), tracking.fit(some)));
    }
    return this;
  }

  /** A tag; a later value replaces it. */
  public TrackedRun tag(String key, String value) {
    return tags(Map.of(key, value));
  }

  /** Tags; later values replace them. */
  public TrackedRun tags(Map<String, String> values) {
    if (!values.isEmpty()) {
      log(new TrackingEvent.Tags(uuid, now(), tracking.fit(values, Limits.TAG)));
    }
    return this;
  }

  /** The Markdown text on the run's page. */
  public TrackedRun describe(String markdown) {
    return tag("mlflow.note.content", markdown);
  }

  /** A dataset the run read. */
  public TrackedRun dataset(DatasetInput dataset) {
    log(new TrackingEvent.DatasetRead(uuid, now(), tracking.fit(dataset)));
    return this;
  }

  /** A text file, without the secrets that are known. */
  public TrackedRun text(String path, String content) {
    return artifact(path, tracking.redact(content).getBytes(StandardCharsets.UTF_8));
  }

  /** A file of the run; {@code path} is its place among the run's artifacts. */
  public TrackedRun artifact(String path, byte[] content) {
    return keep(path, new ByteArrayInputStream(content), "");
  }

  /** A copy of {@code file}, taken before this returns. */
  public TrackedRun artifact(String path, Path file) {
    try (InputStream content = new FileInputStream(file.toFile())) {
      return keep(path, content, "");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " for tracking", e);
    }
  }

  /** Registers an artifact (or folder of artifacts) of this run as a version of a model. */
  public TrackedRun register(ModelVersion version) {
    return register(version, "", "");
  }

  /**
   * The same for a model that this run logs as well: the version then is the logged model, where
   * the server has that, and MLflow's pages name each other.
   *
   * @param path what of the logged model's artifacts the version is, or empty for all
   */
  public TrackedRun register(ModelVersion version, TrackedModel logged, String path) {
    return register(version, logged.uuid(), path);
  }

  private TrackedRun register(ModelVersion version, String logged, String path) {
    String name = UUID.randomUUID().toString();
    log(new TrackingEvent.ModelRegistered(uuid, now(), name, tracking.fit(version), logged, path));
    return this;
  }

  /** Begins to log a model as an output of this run; say {@link TrackedModel#ready} at its end. */
  public TrackedModel model(LoggedModel model) {
    TrackedModel logged = new TrackedModel(this, UUID.randomUUID().toString());
    log(new TrackingEvent.ModelLogged(uuid, now(), logged.uuid(), tracking.fit(model)));
    return logged;
  }

  /** Gives a version that was registered before, by whichever run, aliases and tags. */
  public TrackedRun mark(VersionMark mark) {
    log(new TrackingEvent.VersionMarked(uuid, now(), tracking.fit(mark)));
    return this;
  }

  /** Ends the run; the first end counts. Never throws, so that it fits into a catch block. */
  public void end(RunStatus status, String reason) {
    if (ended.compareAndSet(false, true)) {
      tracking.ended(this, status, reason);
    }
  }

  /** Ends the run as finished. */
  public void finish() {
    end(RunStatus.FINISHED, "");
  }

  void measured(String model, DatasetInput dataset, List<MetricPoint> points) {
    log(
        new TrackingEvent.ModelMeasured(
            uuid, now(), model, tracking.fit(dataset), tracking.fit(points)));
  }

  void ready(String model) {
    log(new TrackingEvent.ModelReady(uuid, now(), model));
  }

  TrackedRun keep(String path, InputStream content, String model) {
    String place = ArtifactPath.check(path);
    if (!ended.get()) {
      try {
        BlobFolder.Blob blob = tracking.blobs().keep(content);
        log(new TrackingEvent.ArtifactKept(uuid, now(), place, blob.sha256(), blob.bytes(), model));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot keep the artifact " + path + " for tracking", e);
      }
    }
    return this;
  }

  private void log(TrackingEvent event) {
    if (!ended.get()) {
      tracking.log(event);
    }
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}

package io.facet.tracking.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.entity.VersionMark;
import io.facet.tracking.file.BlobFolder;
import java.util.List;
import java.util.Map;

/**
 * One thing that happened to one run. Times are milliseconds since 1970, stamped when the event
 * happened: a repeated delivery repeats them and so changes nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrackingEvent.RunStarted.class, name = "start"),
  @JsonSubTypes.Type(value = TrackingEvent.Params.class, name = "params"),
  @JsonSubTypes.Type(value = TrackingEvent.Metrics.class, name = "metrics"),
  @JsonSubTypes.Type(value = TrackingEvent.Tags.class, name = "tags"),
  @JsonSubTypes.Type(value = TrackingEvent.DatasetRead.class, name = "dataset"),
  @JsonSubTypes.Type(value = TrackingEvent.ArtifactKept.class, name = "artifact"),
  @JsonSubTypes.Type(value = TrackingEvent.ModelRegistered.class, name = "model"),
  @JsonSubTypes.Type(value = TrackingEvent.VersionMarked.class, name = "mark"),
  @JsonSubTypes.Type(value = TrackingEvent.ModelLogged.class, name = "logged-model"),
  @JsonSubTypes.Type(value = TrackingEvent.ModelMeasured.class, name = "model-metrics"),
  @JsonSubTypes.Type(value = TrackingEvent.ModelReady.class, name = "model-ready"),
  @JsonSubTypes.Type(value = TrackingEvent.RunEnded.class, name = "end"),
})
public sealed interface TrackingEvent {

  /** Uuid of the run it belongs to. */
  String run();

  /** When it happened. */
  long at();

  /**
   * A run began, or went on after an interruption when the uuid is known already.
   *
   * @param parent uuid of the run above it, or empty
   */
  record RunStarted(
      String run, long at, String experiment, String name, String parent, Map<String, String> tags)
      implements TrackingEvent {}

  /** Parameters; MLflow lets each be written once. */
  record Params(String run, long at, Map<String, String> values) implements TrackingEvent {}

  /** Values of metrics. */
  record Metrics(String run, long at, List<MetricPoint> points) implements TrackingEvent {}

  /** Tags; a later value replaces an earlier one. */
  record Tags(String run, long at, Map<String, String> values) implements TrackingEvent {}

  /** The run read a dataset. */
  record DatasetRead(String run, long at, DatasetInput dataset) implements TrackingEvent {}

  /**
   * A file of the run, or of a model that it logs.
   *
   * @param path place among the artifacts, with forward slashes
   * @param sha256 name of the content in {@link BlobFolder}
   * @param bytes size of the content
   * @param model own name of the logged model, or empty
   */
  record ArtifactKept(String run, long at, String path, String sha256, long bytes, String model)
      implements TrackingEvent {

    /** Journals of before there were logged models have no {@code model}. */
    public ArtifactKept {
      model = model == null ? "" : model;
    }
  }

  /**
   * A registered model got a version from this run.
   *
   * @param uuid own name of the version, looked up before it is made
   * @param logged own name of the logged model it is a version of, or empty
   * @param loggedPath what of that model's artifacts the version is, or empty for all
   */
  record ModelRegistered(
      String run, long at, String uuid, ModelVersion version, String logged, String loggedPath)
      implements TrackingEvent {

    /** Journals of before there were logged models name none. */
    public ModelRegistered {
      logged = logged == null ? "" : logged;
      loggedPath = loggedPath == null ? "" : loggedPath;
    }
  }

  /** A version of a registered model, made by this or another run, got aliases and tags. */
  record VersionMarked(String run, long at, VersionMark mark) implements TrackingEvent {}

  /**
   * The run logs a model; its files and figures follow.
   *
   * @param uuid own name of the model, looked up before it is made
   */
  record ModelLogged(String run, long at, String uuid, LoggedModel model)
      implements TrackingEvent {}

  /**
   * Figures of a logged model.
   *
   * @param uuid own name of the model
   * @param dataset what they were measured on, which the run has as a dataset
   */
  record ModelMeasured(
      String run, long at, String uuid, DatasetInput dataset, List<MetricPoint> points)
      implements TrackingEvent {}

  /**
   * A logged model is whole.
   *
   * @param uuid own name of the model
   */
  record ModelReady(String run, long at, String uuid) implements TrackingEvent {}

  /** The run ended. */
  record RunEnded(String run, long at, RunStatus status, String reason) implements TrackingEvent {}
}

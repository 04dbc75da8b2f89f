package io.facet.tracking;

import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.MetricPoint;
import java.io.ByteArrayInputStream;
import java.util.List;

/**
 * A model that a run logs, for MLflow's page of models. As everything of a {@link TrackedRun} its
 * parts are journalled first. A server older than MLflow 3 has no such page and gets none of it.
 */
public final class TrackedModel {
  private final TrackedRun run;
  private final String uuid;

  TrackedModel(TrackedRun run, String uuid) {
    this.run = run;
    this.uuid = uuid;
  }

  /** The model's own name for ever; MLflow's model has it as the tag {@code facet.logged_model}. */
  public String uuid() {
    return uuid;
  }

  /** A file of the model; {@code path} is its place among the model's artifacts. */
  public TrackedModel artifact(String path, byte[] content) {
    run.keep(path, new ByteArrayInputStream(content), uuid);
    return this;
  }

  /**
   * Figures that were measured on a dataset, which becomes a dataset of the run. MLflow tells
   * points of a model apart by key, time and step, not by dataset: keys must differ between
   * datasets.
   */
  public TrackedModel measured(DatasetInput dataset, List<MetricPoint> points) {
    run.dataset(dataset);
    run.measured(uuid, dataset, points);
    return this;
  }

  /** Says that the model is whole, and an output of the run. */
  public void ready() {
    run.ready(uuid);
  }
}

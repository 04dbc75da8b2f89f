package io.facet.pipelines.plan;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells many listeners; one that fails is logged and the others still hear. */
final class Listeners implements PlanListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<PlanListener> all;

  Listeners(List<PlanListener> all) {
    this.all = List.copyOf(all);
  }

  @Override
  public void planned(Plan plan) {
    tell(listener -> listener.planned(plan));
  }

  @Override
  public void cached(StageInstance instance, Artifact artifact) {
    tell(listener -> listener.cached(instance, artifact));
  }

  @Override
  public void started(StageInstance instance, Fingerprint fingerprint, boolean resumed) {
    tell(listener -> listener.started(instance, fingerprint, resumed));
  }

  @Override
  public void resumedAt(StageInstance instance, long step, long totalSteps) {
    tell(listener -> listener.resumedAt(instance, step, totalSteps));
  }

  @Override
  public void progress(StageInstance instance, long done, long total, String unit) {
    tell(listener -> listener.progress(instance, done, total, unit));
  }

  @Override
  public void history(StageInstance instance, List<HistoryPoint> points, long timestampMillis) {
    tell(listener -> listener.history(instance, points, timestampMillis));
  }

  @Override
  public void checkpointed(StageInstance instance, long step, long totalSteps) {
    tell(listener -> listener.checkpointed(instance, step, totalSteps));
  }

  @Override
  public void warned(StageInstance instance, String message) {
    tell(listener -> listener.warned(instance, message));
  }

  @Override
  public void attached(StageInstance instance, String name, byte[] bytes) {
    tell(listener -> listener.attached(instance, name, bytes));
  }

  @Override
  public void finished(StageInstance instance, Artifact artifact, double seconds) {
    tell(listener -> listener.finished(instance, artifact, seconds));
  }

  @Override
  public void failed(StageInstance instance, Throwable failure) {
    tell(listener -> listener.failed(instance, failure));
  }

  @Override
  public void skipped(StageInstance instance, String why) {
    tell(listener -> listener.skipped(instance, why));
  }

  @Override
  public void ended(RunSummary summary) {
    tell(listener -> listener.ended(summary));
  }

  private void tell(Consumer<PlanListener> event) {
    for (PlanListener listener : all) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("a listener failed: {}", e.toString(), e);
      }
    }
  }
}

package io.facet.pipelines.plan;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import java.util.List;

/**
 * Hears what happens in a run: the terminal, tracking, the machine-readable summary. A listener
 * that fails is logged and does not stop the run.
 */
public interface PlanListener {
  /** All is planned; execution begins. */
  default void planned(Plan plan) {}

  /** An artifact was there already. */
  default void cached(StageInstance instance, Artifact artifact) {}

  /**
   * An instance begins.
   *
   * @param resumed whether it goes on from checkpoints of an earlier try
   */
  default void started(StageInstance instance, Fingerprint fingerprint, boolean resumed) {}

  /** A training found where it goes on: its checkpoint's step of that many. From any thread. */
  default void resumedAt(StageInstance instance, long step, long totalSteps) {}

  /** How far it is; total 0 if unknown. From any thread. */
  default void progress(StageInstance instance, long done, long total, String unit) {}

  /** Numbers of one training step. From any thread; may repeat after a resume. */
  default void history(StageInstance instance, List<HistoryPoint> points, long timestampMillis) {}

  /** A training saved a checkpoint: what was told of it so far is worth keeping for sure. */
  default void checkpointed(StageInstance instance, long step, long totalSteps) {}

  /** Something the user should see. From any thread. */
  default void warned(StageInstance instance, String message) {}

  /** A file that explains a failure, before {@link #failed}. */
  default void attached(StageInstance instance, String name, byte[] bytes) {}

  /** An artifact is committed. */
  default void finished(StageInstance instance, Artifact artifact, double seconds) {}

  /** An instance failed; others may go on. */
  default void failed(StageInstance instance, Throwable failure) {}

  /** An instance cannot be made because a dependency failed, or the run was stopped. */
  default void skipped(StageInstance instance, String why) {}

  /** The run is over. */
  default void ended(RunSummary summary) {}
}

package io.facet.models.train;

import java.util.List;

/** Where a training run reports to. Calls come in step order from one thread. */
public interface TrainingListener {
  /** History of one logging step. Repeated with the same values when a resumed run passes it. */
  void logged(long step, long totalSteps, List<HistoryPoint> points);

  /** Something the user should know: a collapse or drift alarm. */
  void warned(long step, String message);

  /**
   * The run goes on from a checkpoint, or begins anew because none can be used.
   *
   * @param step of the checkpoint, 0 for a new beginning
   * @param damaged what was found about checkpoints that cannot be used, a line each
   */
  default void resumed(long step, long totalSteps, List<String> damaged) {}

  /** A checkpoint of this step was saved; what was told so far will not be told again. */
  default void checkpointed(long step) {}
}

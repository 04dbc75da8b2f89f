package io.facet.models.train;

import java.util.List;

/** Training met a loss or gradient that is no finite number and stopped before using it. */
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final transient List<String> faceIds;

  /**
   * The fault of one step.
   *
   * @param step number of the step, from 1
   * @param what the quantity, such as {@code loss/feature = NaN}
   */
  public NonFiniteLossException(long step, String what, List<String> faceIds) {
    super(
        "step %d: %s; the last good checkpoint is kept; lower learningRate or clipNorm; faces of the batch: %s"
            .formatted(step, what, String.join(", ", faceIds)));
    this.step = step;
    this.faceIds = List.copyOf(faceIds);
  }

  /** Number of the step, from 1. */
  public long step() {
    return step;
  }

  /** Faces of its batch. */
  public List<String> faceIds() {
    return faceIds;
  }
}

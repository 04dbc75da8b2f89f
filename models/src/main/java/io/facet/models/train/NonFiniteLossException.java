package io.facet.models.train;

import java.util.List;

/**
 * Training met a loss, gradient or weight that is not a finite number and stopped before using it.
 * The last checkpoint, whose weights were all finite, stays.
 */
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int NAMED = 3;

  private final long step;
  private final String quantity;
  private final long checkpointStep;
  private final transient List<String> faceIds;

  /**
   * The fault of one step.
   *
   * @param step number of the step, from 1
   * @param quantity what is not finite, such as {@code loss/feature = NaN}
   * @param checkpointStep step of the last checkpoint, -1 if there is none
   * @param faceIds all faces of the step's batches
   */
  public NonFiniteLossException(
      long step, String quantity, long checkpointStep, List<String> faceIds) {
    super(
        "step %d: %s; %s; lower learningRate or clipNorm, or mend these faces: %s"
            .formatted(step, quantity, kept(checkpointStep), faces(faceIds)));
    this.step = step;
    this.quantity = quantity;
    this.checkpointStep = checkpointStep;
    this.faceIds = List.copyOf(faceIds);
  }

  private static String kept(long checkpointStep) {
    return checkpointStep < 0
        ? "there was no checkpoint yet"
        : "the last good checkpoint, of step %d, is kept".formatted(checkpointStep);
  }

  private static String faces(List<String> ids) {
    String first = String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
    return ids.size() <= NAMED
        ? first
        : "%s and %d more of the batch".formatted(first, ids.size() - NAMED);
  }

  /** Number of the step, from 1. */
  public long step() {
    return step;
  }

  /** What is not finite, with its value. */
  public String quantity() {
    return quantity;
  }

  /** Step of the last checkpoint, -1 if there is none. */
  public long checkpointStep() {
    return checkpointStep;
  }

  /** All faces of the step's batches. */
  public List<String> faceIds() {
    return faceIds;
  }
}

package io.facet.models.distill;

import io.facet.models.tensor.Layer;
import java.util.Map;
import java.util.function.Function;

/**
 * One method at work in one training run: its trainable adapters and its state between steps.
 *
 * <p>The layer's weights are adapters (trained beside the student, dropped at inference) and
 * buffers (memory banks, queues, centres, running thresholds): both are part of every checkpoint.
 * Small numbers that are not tensors go through {@link #state} and {@link #restore}.
 */
public abstract class MethodSession extends Layer {
  /** A part of a session whose first values come from faces, such as a map between embeddings. */
  public interface StartsFromFaces {
    /** Takes its first values. */
    void start(StartingFaces faces);
  }

  /** A session without weights or state. */
  public static MethodSession of(Function<StepInputs, TermLosses> losses) {
    return new MethodSession() {
      @Override
      public TermLosses losses(StepInputs inputs) {
        return losses.apply(inputs);
      }
    };
  }

  /**
   * Called once before the first step of a new run, never on resuming: parts that start from faces
   * take their first values here.
   */
  public void start(StartingFaces faces) {
    for (Layer part : layers().values()) {
      if (part instanceof StartsFromFaces starting) {
        starting.start(faces);
      }
    }
  }

  /** Whether a session of a method that reads labels copes with unlabelled crops itself. */
  public boolean leavesOutUnlabelled() {
    return false;
  }

  /** The method's loss terms for one step, each with its weight. */
  public abstract TermLosses losses(StepInputs inputs);

  /**
   * Called after the optimiser step, without gradients: queues and banks take in the batch here.
   */
  public void afterStep(StepInputs inputs) {}

  /**
   * Alarms raised since the last call, at most one of a kind: collapse, teacher drift. Empty when
   * all is well.
   */
  public Map<String, String> alarms() {
    return Map.of();
  }

  /** State beside the weights, by name. */
  public Map<String, double[]> state() {
    return Map.of();
  }

  /** Takes back what {@link #state} gave. */
  public void restore(Map<String, double[]> state) {}
}

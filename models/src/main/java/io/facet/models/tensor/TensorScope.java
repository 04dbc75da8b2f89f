package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The native memory of one training step or one inference batch: everything made inside is freed by
 * {@link #close}, and layers lent to it return unharmed.
 *
 * <pre>{@code
 * try (TensorScope scope = TensorScope.training(manager, student, head)) {
 *   NDArray loss = ...;
 *   scope.backward(loss);
 *   optimiser.step(rate);
 * }
 * }</pre>
 *
 * <p>Scopes of one thread may be nested (a teacher without gradients inside a student's step);
 * threads do not disturb each other.
 */
public final class TensorScope implements AutoCloseable {
  private static final ThreadLocal<TensorScope> RECORDING = new ThreadLocal<>();

  private final NDManager manager;
  private final boolean gradientsBefore;
  private final TensorScope recordingBefore;

  /** What the backward pass runs again, the last part first. */
  private final Deque<Recomputation> parts = new ArrayDeque<>();

  private TensorScope(NDManager base, boolean gradients, Layer... lent) {
    Torch.start();
    manager = base.newSubManager();
    recordingBefore = RECORDING.get();
    if (gradients) {
      BufferKeeper.serve(manager);
      RECORDING.set(this);
    }
    gradientsBefore = JniUtils.isGradMode();
    JniUtils.setGradMode(gradients);
    lend(lent);
  }

  /** A scope that records gradients. */
  public static TensorScope training(NDManager base, Layer... lent) {
    return new TensorScope(base, true, lent);
  }

  /** A scope without gradients. */
  public static TensorScope inference(NDManager base, Layer... lent) {
    return new TensorScope(base, false, lent);
  }

  /** Where inputs of the step are created. */
  public NDManager manager() {
    return manager;
  }

  /** Lends more layers; no layer twice. */
  public void lend(Layer... layers) {
    for (Layer layer : layers) {
      layer.lend(manager);
    }
  }

  /** Adds the derivatives of a scalar to the gradients of all trainable weights it depends on. */
  public void backward(NDArray loss) {
    backward(loss, NewArray.ones(loss, loss.getShape()));
  }

  /** The same for an array whose derivatives are known. */
  void backward(NDArray result, NDArray gradient) {
    JniUtils.backward((PtNDArray) result, (PtNDArray) gradient, false, false);
    while (!parts.isEmpty()) {
      parts.pop().backward(manager);
    }
  }

  /** The innermost scope of this thread that records gradients; null if there is none. */
  static TensorScope recording() {
    return RECORDING.get();
  }

  void record(Recomputation part) {
    parts.push(part);
  }

  /**
   * Gives all trainable weights of the layers a gradient of zeros, whose array is kept. Made within
   * the first step, the gradients would lie between its large arrays for good, and later steps
   * would need more memory.
   */
  public static void makeGradients(NDManager base, Layer... layers) {
    try (TensorScope scope = training(base, layers)) {
      NDArray nothing = scope.manager.zeros(new Shape());
      for (Weight weight : trainable(layers)) {
        nothing = nothing.add(weight.array().mul(0f).sum());
      }
      scope.backward(nothing);
    }
    trainable(layers).forEach(Weight::keepGradient);
  }

  /** Sets the gradients of all trainable weights of the layers to zero. */
  public static void zeroGradients(Layer... layers) {
    List<NDArray> gradients = trainable(layers).stream().map(Weight::gradient).toList();
    if (!gradients.isEmpty()) {
      TorchOps.zero(gradients);
    }
  }

  private static List<Weight> trainable(Layer... layers) {
    return Arrays.stream(layers)
        .flatMap(layer -> layer.weights().values().stream())
        .filter(Weight::trainable)
        .toList();
  }

  @Override
  public void close() {
    JniUtils.setGradMode(gradientsBefore);
    RECORDING.set(recordingBefore);
    manager.close();
  }
}

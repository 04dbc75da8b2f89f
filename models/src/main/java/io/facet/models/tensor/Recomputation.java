package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A part of a network that runs twice in a step: once forward, of which its input and output alone
 * stay, and again in the backward pass, for the derivatives inside it (Chen et al. 2016, gradient
 * checkpointing). It costs the time of its forward pass and saves the memory of what lies inside.
 *
 * <p>Outputs and gradients are those of the plain pass, bit for bit, where the output's gradient is
 * contiguous in memory, as between blocks of a transformer: both times the part runs with
 * gradients, so with the same kernels, and autocast is as it was. (A gradient with the channels
 * innermost is copied on its way, and some kernels then add up in another order.) The part must
 * compute the same both times: what it draws is drawn before it. {@link BatchNormalisation} moves
 * its running statistics the first time only.
 */
public final class Recomputation {
  private static final ThreadLocal<Boolean> AGAIN = ThreadLocal.withInitial(() -> false);

  private final UnaryOperator<NDArray> part;
  private final NDArray input;
  private final NDArray output;
  private final Optional<Device> autocast;

  private Recomputation(
      UnaryOperator<NDArray> part, NDArray input, NDArray output, Optional<Device> autocast) {
    this.part = part;
    this.input = input;
    this.output = output;
    this.autocast = autocast;
  }

  /**
   * Runs a part; outside a {@link TensorScope#training} scope just so.
   *
   * @param x stays the caller's; what comes before it is read by nothing else that has derivatives
   * @param part computes one array from x and from weights, which are leaves of the graph
   * @return {@code part(x)}; the backward pass of the scope takes care of its derivatives
   */
  public static NDArray run(NDArray x, UnaryOperator<NDArray> part) {
    TensorScope scope = TensorScope.recording();
    if (scope == null || !JniUtils.isGradMode()) {
      return part.apply(x);
    }
    NDManager manager = x.getManager();
    NDArray leaf;
    try (TensorScope inner = TensorScope.training(manager);
        NDArray input = another(x)) {
      input.attach(inner.manager());
      NDArray result = part.apply(input);
      if (!TorchOps.learns(result)) {
        result.attach(manager);
        return result;
      }
      leaf = result.stopGradient();
      leaf.attach(manager);
    }
    leaf.setRequiresGradient(true);
    NDArray output = another(leaf);
    leaf.close();
    TorchOps.keepGradient(output);
    scope.record(new Recomputation(part, another(x), output, Autocast.open()));
    return another(output);
  }

  /** Another handle of the same numbers and history, so that either can be closed. */
  private static NDArray another(NDArray x) {
    return x.reshape(x.getShape());
  }

  /** Whether this thread runs a part for the second time. */
  static boolean again() {
    return AGAIN.get();
  }

  /** Goes on with a backward pass that has come to the output. */
  void backward(NDManager manager) {
    NDArray gradient = JniUtils.getGradient((PtNDArray) output); // null if nothing read it
    output.close();
    if (gradient != null) {
      try (TensorScope inner = TensorScope.training(manager)) {
        input.tempAttach(inner.manager());
        inner.backward(repeated(), gradient);
      }
      gradient.close();
    }
    input.close();
  }

  private NDArray repeated() {
    AGAIN.set(true);
    Autocast forward = autocast.map(Autocast::bfloat16).orElse(null);
    try {
      return part.apply(input);
    } finally {
      AGAIN.set(false);
      if (forward != null) {
        forward.close();
      }
    }
  }
}

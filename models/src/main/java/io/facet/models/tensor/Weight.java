package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * One named tensor of a layer: a trainable parameter or a running statistic.
 *
 * <p>Owned by its {@link Layer}; the array exists from {@link Layer#initialise} (or a load) until
 * {@link Layer#close}.
 */
public final class Weight {
  /** What a weight is, so that optimisers can group it. */
  public enum Kind {
    /** Convolution kernels and matrices: weight decay applies. */
    MATRIX,
    /** Biases, normalisation scales, PReLU slopes, tables and tokens: no weight decay. */
    VECTOR,
    /** Running statistics: saved, never trained. */
    BUFFER
  }

  private final Shape shape;
  private final Kind kind;
  private final Initialiser initialiser;
  private NDArray array;

  /** The array that holds the gradient, if it is kept; the same one for as long as the weight's. */
  private NDArray gradient;

  private boolean trainable;

  Weight(Shape shape, Kind kind, Initialiser initialiser) {
    this.shape = shape;
    this.kind = kind;
    this.initialiser = initialiser;
    this.trainable = kind != Kind.BUFFER;
  }

  public Shape shape() {
    return shape;
  }

  public Kind kind() {
    return kind;
  }

  Initialiser initialiser() {
    return initialiser;
  }

  /** Whether gradients are wanted; false for buffers and frozen weights. */
  public boolean trainable() {
    return trainable;
  }

  /** Freezes or unfreezes a parameter; buffers stay frozen. */
  public void setTrainable(boolean wanted) {
    trainable = wanted && kind != Kind.BUFFER;
    if (array != null && kind != Kind.BUFFER) {
      array.setRequiresGradient(trainable);
    }
  }

  /**
   * The values.
   *
   * @throws IllegalStateException before {@link Layer#initialise}
   */
  public NDArray array() {
    return Objects.requireNonNull(array, "layer is not initialised");
  }

  /**
   * The gradient after a backward pass. DJL makes a new array at each look; {@link #keepGradient}
   * makes it the same one.
   */
  public NDArray gradient() {
    return gradient == null ? array().getGradient() : gradient;
  }

  /** Looks for the gradient once and for all; there must have been a backward pass. */
  void keepGradient() {
    if (gradient == null) {
      gradient = array().getGradient();
    }
  }

  /** Lends the arrays to the manager of one step; closing that manager gives them back. */
  void lend(NDManager step) {
    array().tempAttach(step);
    if (gradient != null) {
      gradient.tempAttach(step);
    }
  }

  /** Takes values of the host, to where the weight is; they are closed or become the weight's. */
  void assign(NDArray values) {
    if (array == null) {
      array = values;
      array.setRequiresGradient(trainable);
      return;
    }
    try (values;
        TensorScope quiet = TensorScope.inference(values.getManager())) {
      TorchOps.overwrite(array, values);
    }
  }

  void to(Device device) {
    if (!array().getDevice().equals(device)) {
      NDArray before = array;
      try (TensorScope quiet = TensorScope.inference(before.getManager())) {
        array = before.toDevice(device, true);
      }
      before.close();
      array.setRequiresGradient(trainable);
      forgetGradient();
    }
  }

  private void forgetGradient() {
    if (gradient != null) {
      gradient.close();
      gradient = null;
    }
  }

  void close() {
    forgetGradient();
    if (array != null) {
      array.close();
      array = null;
    }
  }
}

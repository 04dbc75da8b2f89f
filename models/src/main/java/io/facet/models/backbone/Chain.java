package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * Functions applied one after another; what lies between the first argument and the last result is
 * freed at once, which cuts the peak memory of a forward pass.
 */
final class Chain {
  private final NDArray origin;
  private NDArray value;

  private Chain(NDArray origin) {
    this.origin = origin;
    value = origin;
  }

  /** Starts with an array the caller keeps. */
  static Chain from(NDArray x) {
    return new Chain(x);
  }

  Chain then(UnaryOperator<NDArray> step) {
    NDArray next = step.apply(value);
    if (value != origin && value != next) {
      value.close();
    }
    value = next;
    return this;
  }

  NDArray end() {
    return value;
  }
}

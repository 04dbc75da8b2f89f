package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;

/** Kullback-Leibler divergence of the student's probabilities from the teacher's. */
public final class Divergence {
  private Divergence() {}

  /**
   * Logits divided by a temperature.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public static NDArray soften(NDArray logits, double temperature) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, is " + temperature);
    }
    return logits.div(temperature);
  }

  /**
   * {@code sum p_T (ln p_T - ln p_S)} along one axis, probabilities as softmax along it.
   *
   * @param student logits
   * @param teacher logits of the same shape, taken as constants
   * @return the shape without that axis
   */
  public static NDArray of(NDArray student, NDArray teacher, int axis) {
    NDArray target = teacher.stopGradient().logSoftmax(axis);
    NDArray actual = student.logSoftmax(axis);
    return target.exp().mul(target.sub(actual)).sum(new int[] {axis});
  }
}

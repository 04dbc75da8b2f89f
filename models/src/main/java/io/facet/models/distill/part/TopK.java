package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** Picks the highest entries of rows. */
public final class TopK {
  private TopK() {}

  /**
   * Marks the highest entries of each row; of equal ones the first count.
   *
   * @param scores {@code (B, N)}; no gradient passes
   * @param count how many of each row, from 1; a shorter row is marked as a whole
   * @return {@code (B, N)}, 1 or 0
   */
  public static NDArray perRow(NDArray scores, int count) {
    NDArray constant = scores.stopGradient();
    int many = (int) Math.min(count, scores.getShape().get(1));
    NDArray smallest = constant.topK(many, 1, true, true).get(0).get(":, {}:", many - 1);
    NDArray above = constant.gt(smallest).toType(DataType.FLOAT32, false);
    NDArray equal = constant.eq(smallest).toType(DataType.FLOAT32, false);
    NDArray places = above.sum(new int[] {1}, true).neg().add(many);
    NDArray first = equal.cumSum(1).lte(places).toType(DataType.FLOAT32, false);
    return above.add(equal.mul(first));
  }
}

package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.NewArray;
import java.nio.FloatBuffer;

/** Look-up of table rows as a product with a selection matrix, whose gradient sums in order. */
final class PositionRows {
  private PositionRows() {}

  /** Rows of a table {@code (buckets, d)} as {@code (rows.length, d)}. */
  static NDArray choose(NDManager manager, int[] rows, NDArray table) {
    int buckets = (int) table.getShape().get(0);
    float[] selection = new float[rows.length * buckets];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || rows[i] >= buckets) {
        throw new IllegalArgumentException(
            "row %d of a position table of %d".formatted(rows[i], buckets));
      }
      selection[i * buckets + rows[i]] = 1;
    }
    Shape shape = new Shape(rows.length, buckets);
    return NewArray.of(manager, table.getDevice(), FloatBuffer.wrap(selection), shape)
        .matMul(table);
  }
}

package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a batch that write to the same place of a table, so that the outcome does not hang on
 * the order in which writes happen.
 */
public final class DuplicateRows {
  private final NDArray places;
  private final int batch;
  private final Map<Long, List<Integer>> rows = new LinkedHashMap<>();

  private DuplicateRows(IndexArray places) {
    this.places = places.array();
    long[] values = places.values();
    batch = values.length;
    for (int row = 0; row < batch; row++) {
      rows.computeIfAbsent(values[row], place -> new ArrayList<>()).add(row);
    }
  }

  /**
   * Groups a batch.
   *
   * @param places where each row writes, {@code (B)}
   */
  public static DuplicateRows of(IndexArray places) {
    return new DuplicateRows(places);
  }

  /** The U different places, int64 {@code (U)}, in order of first use. */
  public NDArray values() {
    return NewArray.of(places, rows.keySet().stream().mapToLong(Long::longValue).toArray());
  }

  /** Of each place the last row, {@code (U, ...)} of {@code (B, ...)}. */
  public NDArray last(NDArray table) {
    long[] last = rows.values().stream().mapToLong(group -> group.get(group.size() - 1)).toArray();
    return TorchOps.rows(table, NewArray.of(table, last));
  }

  /** Of each place the mean of its rows, {@code (U, d)} of {@code (B, d)}. */
  public NDArray mean(NDArray table) {
    float[] shares = new float[rows.size() * batch];
    int place = 0;
    for (List<Integer> group : rows.values()) {
      for (int row : group) {
        shares[place * batch + row] = 1f / group.size();
      }
      place++;
    }
    return NewArray.of(table, shares, new Shape(rows.size(), batch)).matMul(table);
  }
}

package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.IntStream;

/**
 * Whole numbers of a batch (labels, positions) that Java knows as well as the device: reading them
 * never waits for a GPU.
 */
public final class IndexArray {
  private final long[] values;
  private final NDArray array;

  private IndexArray(long[] values, NDArray array) {
    this.values = values;
    this.array = array;
  }

  /** Numbers in a step's manager, on a device. */
  public static IndexArray of(NDManager manager, Device device, long... values) {
    return new IndexArray(values.clone(), NewArray.of(manager, device, values));
  }

  /** Numbers where another array is. */
  public static IndexArray of(NDArray x, long... values) {
    return of(x.getManager(), x.getDevice(), values);
  }

  /** Reads an array, int64 {@code (n)}; waits for the device. */
  public static IndexArray reading(NDArray array) {
    return new IndexArray(HostArray.longs(array), array);
  }

  /** The numbers in Java. */
  public long[] values() {
    return values.clone();
  }

  /** The numbers on the device, int64 {@code (n)}. */
  public NDArray array() {
    return array;
  }

  /** n. */
  public int size() {
    return values.length;
  }

  /** The first ones. */
  public IndexArray first(int count) {
    return count == values.length ? this : rows(IntStream.range(0, count).asLongStream().toArray());
  }

  /** Those at some places. */
  public IndexArray rows(long[] places) {
    long[] chosen = new long[places.length];
    for (int i = 0; i < places.length; i++) {
      chosen[i] = values[(int) places[i]];
    }
    return of(array, chosen);
  }

  /** Where the numbers are not negative: the crops of known identity, by labels. */
  public long[] known() {
    return IntStream.range(0, values.length).filter(i -> values[i] >= 0).asLongStream().toArray();
  }
}

package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * The last rows of earlier batches: a ring in which the newest row takes the place of the oldest.
 * Several columns of different width are kept side by side, row by row, with the image each row is
 * of, so that an image never meets its own earlier row as if it were another's. Part of every
 * checkpoint as buffers; how many rows were ever taken in is for the session to keep ({@link
 * #taken}).
 */
public final class MemoryBank extends Layer {
  /** Positions in a training set are kept as two floats, each exact. */
  private static final int LOW = 1 << 16;

  private final int capacity;
  private final Weight images;
  private final List<Weight> columns = new ArrayList<>();
  private long taken;

  /**
   * An empty bank.
   *
   * @param capacity rows K
   * @param widths of the columns
   */
  public MemoryBank(int capacity, int... widths) {
    this.capacity = capacity;
    images = buffer("images", Initialiser.constant(-1), capacity, 2);
    for (int i = 0; i < widths.length; i++) {
      columns.add(buffer("column" + i, Initialiser.constant(0), capacity, widths[i]));
    }
  }

  /**
   * A bank of one column that is full from the start, with rows of no image.
   *
   * @param capacity rows K
   * @param first the rows it begins with, {@code (K, width)}
   */
  public static MemoryBank full(int capacity, int width, Initialiser first) {
    MemoryBank bank = new MemoryBank(capacity);
    bank.columns.add(bank.buffer("column0", first, capacity, width));
    bank.taken = capacity;
    return bank;
  }

  /** Rows in use. */
  public int size() {
    return (int) Math.min(taken, capacity);
  }

  /** Whether no row is free any more. */
  public boolean full() {
    return taken >= capacity;
  }

  /** Rows ever taken in. */
  public long taken() {
    return taken;
  }

  /** Sets what {@link #taken} gave; the rows themselves come back with the buffers. */
  public void restore(long rowsTaken) {
    taken = rowsTaken;
  }

  /** The rows in use of one column, {@code (size, width)}, in the order of the ring. */
  public NDArray rows(int column) {
    return columns.get(column).array().get(new NDIndex("0:" + size()));
  }

  /**
   * Which of the rows in use are of the same image as the samples of a batch.
   *
   * @param indices positions of the samples in the training set, int64 {@code (B)}
   * @return 1 or 0, {@code (B, size)}
   */
  public NDArray sameImage(NDArray indices) {
    NDArray own = halves(indices);
    NDArray rows = images.array().get(new NDIndex("0:" + size())).transpose();
    NDArray low = own.get(":, 0:1").eq(rows.get("0:1")).toType(DataType.FLOAT32, false);
    NDArray high = own.get(":, 1:2").eq(rows.get("1:2")).toType(DataType.FLOAT32, false);
    return low.mul(high);
  }

  private static NDArray halves(NDArray indices) {
    NDArray column = indices.expandDims(1);
    NDArray low = column.mod(LOW);
    NDArray high = column.sub(low).toType(DataType.FLOAT32, false).div(LOW);
    return low.toType(DataType.FLOAT32, false).concat(high, 1);
  }

  /**
   * Takes in a batch; call it without gradients. Of more rows than the bank holds the last stay.
   *
   * @param indices positions of the samples in the training set, int64 {@code (B)}
   * @param batch for each column {@code (B, width)}
   */
  public void add(NDArray indices, NDArray... batch) {
    NDArray added = halves(indices);
    long count = indices.size();
    long from = Math.max(0, count - capacity);
    while (from < count) {
      long place = (taken + from) % capacity;
      long rows = Math.min(count - from, capacity - place);
      NDIndex into = new NDIndex(place + ":" + (place + rows));
      NDIndex taking = new NDIndex(from + ":" + (from + rows));
      images.array().set(into, added.get(taking));
      for (int i = 0; i < batch.length; i++) {
        columns.get(i).array().set(into, batch[i].get(taking));
      }
      from += rows;
    }
    taken += count;
  }
}

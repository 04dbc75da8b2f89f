package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * The last rows of earlier batches: a ring in which the newest row takes the place of the oldest.
 * Several columns of different width are kept side by side, row by row. Part of every checkpoint as
 * buffers; how many rows were ever taken in is for the session to keep ({@link #taken}).
 */
public final class MemoryBank extends Layer {
  private final int capacity;
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
    for (int i = 0; i < widths.length; i++) {
      columns.add(buffer("column" + i, Initialiser.constant(0), capacity, widths[i]));
    }
  }

  /**
   * A bank of one column that is full from the start.
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
   * Takes in a batch; call it without gradients. Of more rows than the bank holds the last stay.
   *
   * @param batch for each column {@code (B, width)}
   */
  public void add(NDArray... batch) {
    long count = batch[0].getShape().get(0);
    long from = Math.max(0, count - capacity);
    while (from < count) {
      long place = (taken + from) % capacity;
      long rows = Math.min(count - from, capacity - place);
      for (int i = 0; i < batch.length; i++) {
        columns
            .get(i)
            .array()
            .set(
                new NDIndex(place + ":" + (place + rows)),
                batch[i].get(new NDIndex(from + ":" + (from + rows))));
      }
      from += rows;
    }
    taken += count;
  }
}

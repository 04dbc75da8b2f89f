package io.facet.models.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.TorchOps;
import io.facet.models.train.checkpoint.TableRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * Rows of large tables as they are when it is made. One thread reads them, a piece at a time, while
 * another goes on to change them: before it does, it has those that were not read yet copied
 * ({@link #keep}), and a copy is gone once its piece is read. At a limit of copies it waits for the
 * reader, so that a slow disk costs time and not memory. Nobody waits for a device but the reader.
 */
final class TableSnapshot implements AutoCloseable {
  private static final int PIECE = 1 << 14;
  private static final long LEAST_LIMIT = 256L << 20;
  private static final int LIMIT_SHARE = 4;

  private final NDManager manager;
  private final Device device;
  private final List<Part> parts = new ArrayList<>();
  private final long limit;
  private long copied;
  private int read;
  private boolean opened;
  private boolean closed;

  /** One piece of one table, and copies of those of its rows that have changed. */
  private static final class Part {
    final String table;
    final NDArray source;

    /** Ascending. */
    final int[] rows;

    final List<Copy> copies = new ArrayList<>();
    private final BitSet copied;

    Part(String table, NDArray source, int[] rows) {
      this.table = table;
      this.source = source;
      this.rows = rows;
      this.copied = new BitSet(rows.length);
    }

    /** Places here of those of some ascending rows of the table that were not copied yet. */
    int[] missing(int[] some) {
      return IntStream.range(from(some, rows[0]), from(some, rows[rows.length - 1] + 1))
          .map(i -> Arrays.binarySearch(rows, some[i]))
          .filter(place -> place >= 0 && !copied.get(place))
          .toArray();
    }

    void add(Copy copy) {
      copies.add(copy);
      Arrays.stream(copy.places).forEach(copied::set);
    }

    private static int from(int[] ascending, int least) {
      int place = Arrays.binarySearch(ascending, least);
      return place < 0 ? -place - 1 : place;
    }
  }

  /** Rows as they were, by their places in the piece. */
  private record Copy(int[] places, NDArray values) {}

  /**
   * A snapshot with the usual limit: a quarter of its own size, 256 MB at least.
   *
   * @param tables {@code (C, d)} each, on one device; they outlive it
   * @param rows those that it has of each
   */
  TableSnapshot(NDManager base, Map<String, NDArray> tables, BitSet rows) {
    this(base, tables, rows, limit(tables, rows));
  }

  /**
   * A snapshot.
   *
   * @param limit of rows that are copied at a time
   */
  TableSnapshot(NDManager base, Map<String, NDArray> tables, BitSet rows, long limit) {
    this.manager = base.newSubManager();
    this.device = tables.values().iterator().next().getDevice();
    this.limit = limit;
    int[] all = rows.stream().toArray();
    List<int[]> pieces = new ArrayList<>();
    for (int from = 0; from < all.length; from += PIECE) {
      pieces.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + PIECE)));
    }
    tables.forEach(
        (name, table) -> pieces.forEach(piece -> parts.add(new Part(name, table, piece))));
  }

  private static long limit(Map<String, NDArray> tables, BitSet rows) {
    long width = tables.values().iterator().next().getShape().get(1);
    long share = (long) rows.cardinality() * tables.size() / LIMIT_SHARE;
    return Math.max(share, LEAST_LIMIT / Float.BYTES / width);
  }

  /**
   * Copies what is still to be read of some rows; before they change, in the thread that changes
   * them.
   *
   * @param rows ascending
   */
  synchronized void keep(int[] rows) {
    awaitRoom(rows);
    if (closed) {
      return;
    }
    for (Part part : unread()) {
      int[] places = part.missing(rows);
      if (places.length > 0) {
        int[] changing = Arrays.stream(places).map(place -> part.rows[place]).toArray();
        part.add(new Copy(places, rows(manager, part.source, changing)));
        copied += places.length;
      }
    }
  }

  /** An interrupt stays for later. */
  private void awaitRoom(int[] rows) {
    boolean interrupted = false;
    while (!closed && copied + missing(rows) > limit) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long missing(int[] rows) {
    return unread().stream().mapToLong(part -> part.missing(rows).length).sum();
  }

  private List<Part> unread() {
    return parts.subList(read, parts.size());
  }

  /**
   * All rows, table by table, each in ascending order.
   *
   * @throws IllegalStateException if they were asked for before
   */
  Iterator<TableRows> read() {
    if (opened) {
      throw new IllegalStateException("rows that change meanwhile can be read once");
    }
    opened = true;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !unread().isEmpty();
      }

      @Override
      public TableRows next() {
        return piece();
      }
    };
  }

  private TableRows piece() {
    try (TensorScope scope = TensorScope.inference(manager)) {
      Part part;
      NDArray values;
      synchronized (this) {
        if (unread().isEmpty()) {
          throw new NoSuchElementException();
        }
        part = parts.get(read);
        values = rows(scope.manager(), part.source, part.rows);
        for (Copy copy : part.copies) {
          TorchOps.setRows(values, index(scope.manager(), copy.places), copy.values);
          copy.values.close();
          copied -= copy.places.length;
        }
        part.copies.clear();
        read++;
        notifyAll();
      }
      return new TableRows(part.table, part.rows, HostArray.floats(values));
    }
  }

  private NDArray rows(NDManager owner, NDArray table, int[] rows) {
    try (NDArray index = index(owner, rows)) {
      return TorchOps.rows(table, index);
    }
  }

  private NDArray index(NDManager owner, int[] rows) {
    return NewArray.of(owner, device, Arrays.stream(rows).asLongStream().toArray());
  }

  /** Lets go of all copies, and of who waits for the reader. */
  @Override
  public synchronized void close() {
    closed = true;
    manager.close();
    notifyAll();
  }
}

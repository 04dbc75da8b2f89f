package io.facet.models.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.head.ClassSample;
import io.facet.models.head.IdentityHead;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import io.facet.models.train.checkpoint.TableRows;
import io.facet.models.train.optimiser.OptimiserSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Class weights {@code (C, d)} of which each step trains n rows (An et al. 2021, Partial FC, arXiv
 * 2010.05222): before a step the rows of the sampled classes and what the optimiser keeps of them
 * are copied into a head of n classes, after it they are copied back. Other rows do not move: no
 * gradient, no momentum, no weight decay.
 *
 * <p>A row gets its first values when it is first asked for, from the seed and its class alone, so
 * that a checkpoint need not hold the others.
 */
final class SampledClasses implements AutoCloseable {
  /** The table, and the weight of the head, of class weights. */
  static final String WEIGHT = "weight";

  private static final int PIECE = 1 << 14;
  private static final Initialiser INITIALISER = Initialiser.normal(0.01);
  private static final RandomGeneratorFactory<?> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final NDManager manager;
  private final Device device;
  private final Weight rows;
  private final OptimiserSession optimiser;
  private final Map<String, NDArray> tables = new LinkedHashMap<>();
  private final BitSet begun;
  private final int classes;
  private final int width;
  private final long seed;
  private Optional<TableSnapshot> snapshot = Optional.empty();

  /**
   * All rows as at the start.
   *
   * @param head of n classes
   * @param optimiser that trains it
   * @param classes C
   * @param seed of the first values
   */
  SampledClasses(
      NDManager root, IdentityHead head, OptimiserSession optimiser, int classes, long seed) {
    this.manager = root.newSubManager();
    this.rows = head.weight();
    this.device = rows.array().getDevice();
    this.optimiser = optimiser;
    this.classes = classes;
    this.width = (int) rows.shape().get(1);
    this.seed = seed;
    this.begun = new BitSet(classes);
    Shape shape = new Shape(classes, width);
    tables.put(WEIGHT, NewArray.zeros(manager, device, shape));
    optimiser
        .moments(WEIGHT)
        .keySet()
        .forEach(kind -> tables.put(kind, NewArray.zeros(manager, device, shape)));
  }

  /** Gives all rows their first values. */
  void start(float[] weights) {
    for (int from = 0; from < classes; from += PIECE) {
      int to = Math.min(classes, from + PIECE);
      int[] piece = range(from, to);
      set(new TableRows(WEIGHT, piece, Arrays.copyOfRange(weights, from * width, to * width)));
    }
  }

  /** Copies rows into the head, as many as it has; before a step, outside its scope. */
  void take(ClassSample sample) {
    begin(sample.classes());
    try (TensorScope scope = TensorScope.inference(manager)) {
      NDArray index = index(scope.manager(), sample.classes());
      TorchOps.takeRows(rows.array(), index, tables.get(WEIGHT));
      optimiser
          .moments(WEIGHT)
          .forEach((kind, array) -> TorchOps.takeRows(array, index, tables.get(kind)));
    }
  }

  /** Copies the rows back after the step. */
  void putBack(ClassSample sample) {
    snapshot.ifPresent(taken -> taken.keep(sample.classes()));
    try (TensorScope scope = TensorScope.inference(manager)) {
      NDArray index = index(scope.manager(), sample.classes());
      TorchOps.setRows(tables.get(WEIGHT), index, rows.array());
      optimiser
          .moments(WEIGHT)
          .forEach((kind, array) -> TorchOps.setRows(tables.get(kind), index, array));
    }
  }

  /** First values of those rows that have none yet. */
  private void begin(int[] wanted) {
    int[] missing = Arrays.stream(wanted).filter(row -> !begun.get(row)).toArray();
    for (int from = 0; from < missing.length; from += PIECE) {
      int[] piece = Arrays.copyOfRange(missing, from, Math.min(missing.length, from + PIECE));
      float[] values = new float[piece.length * width];
      for (int i = 0; i < piece.length; i++) {
        float[] row =
            INITIALISER.values(new Shape(width), RANDOM.create(SeededHash.of(seed, piece[i])));
        System.arraycopy(row, 0, values, i * width, width);
      }
      set(new TableRows(WEIGHT, piece, values));
    }
  }

  private void set(TableRows given) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      TorchOps.setRows(
          tables.get(given.table()),
          index(scope.manager(), given.rows()),
          NewArray.of(
              scope.manager(),
              device,
              FloatBuffer.wrap(given.values()),
              new Shape(given.rows().length, width)));
    }
    Arrays.stream(given.rows()).forEach(begun::set);
  }

  private TableRows get(String table, int[] piece) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      NDArray index = index(scope.manager(), piece);
      return new TableRows(table, piece, HostArray.floats(TorchOps.rows(tables.get(table), index)));
    }
  }

  private NDArray index(NDManager manager, int[] piece) {
    return NewArray.of(manager, device, Arrays.stream(piece).asLongStream().toArray());
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** All class weights, {@code (C, d)} row by row. */
  float[] values() {
    float[] values = new float[Math.multiplyExact(classes, width)];
    for (int from = 0; from < classes; from += PIECE) {
      int[] piece = range(from, Math.min(classes, from + PIECE));
      begin(piece);
      float[] some = get(WEIGHT, piece).values();
      System.arraycopy(some, 0, values, from * width, some.length);
    }
    return values;
  }

  /**
   * Rows that a step has had, of all tables, for a checkpoint: as they are now, while steps go on.
   * Close it before the next one is asked for.
   */
  TableSnapshot snapshot() {
    TableSnapshot taken = new TableSnapshot(manager, tables, begun);
    snapshot = Optional.of(taken);
    return taken;
  }

  /**
   * Takes back a piece of a {@link #snapshot}.
   *
   * @throws DataException if it is of another run
   */
  void restore(TableRows piece) {
    boolean fits =
        tables.containsKey(piece.table())
            && piece.values().length == piece.rows().length * width
            && Arrays.stream(piece.rows()).allMatch(row -> row >= 0 && row < classes);
    if (!fits) {
      throw new DataException(
          "the checkpoint holds rows of '%s' that are none of %d classes of %d numbers; remove it to start anew"
              .formatted(piece.table(), classes, width));
    }
    set(piece);
  }

  @Override
  public void close() {
    manager.close();
  }
}

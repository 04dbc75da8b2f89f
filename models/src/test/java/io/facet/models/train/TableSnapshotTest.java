package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import io.facet.models.train.checkpoint.TableRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableSnapshotTest {
  private static final int CLASSES = 75_000;
  private static final int WIDTH = 3;

  private final NDManager manager = Torch.newManager();
  private final Map<String, NDArray> tables = new LinkedHashMap<>();
  private final BitSet drawn = new BitSet(CLASSES);

  TableSnapshotTest() {
    for (String name : List.of("weight", "velocity")) {
      float[] values = new float[CLASSES * WIDTH];
      for (int i = 0; i < values.length; i++) {
        values[i] = i + name.length() / 100f;
      }
      NDArray placed = manager.create(new Shape(1));
      tables.put(name, NewArray.of(placed, values, new Shape(CLASSES, WIDTH)));
      placed.close();
    }
    new SplittableRandom(1).ints(70_000, 0, CLASSES).forEach(drawn::set);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private int[] sample(long seed, int count) {
    return new SplittableRandom(seed).ints(count, 0, CLASSES).distinct().sorted().toArray();
  }

  /** As a step does: tells the snapshot, then overwrites the rows in both tables. */
  private void change(TableSnapshot snapshot, int[] rows, float value) {
    snapshot.keep(rows);
    float[] values = new float[rows.length * WIDTH];
    Arrays.fill(values, value);
    NDArray any = tables.get("weight");
    long[] places = Arrays.stream(rows).asLongStream().toArray();
    try (NDArray index = NewArray.of(any, places);
        NDArray changed = NewArray.of(any, values, new Shape(rows.length, WIDTH))) {
      tables.values().forEach(table -> TorchOps.setRows(table, index, changed));
    }
  }

  private static List<TableRows> all(Iterator<TableRows> pieces) {
    List<TableRows> all = new ArrayList<>();
    pieces.forEachRemaining(all::add);
    return all;
  }

  private List<TableRows> now() {
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn)) {
      return all(snapshot.read());
    }
  }

  private static void assertSame(List<TableRows> actual, List<TableRows> expected) {
    assertThat(actual)
        .usingRecursiveFieldByFieldElementComparator()
        .hasSize(6)
        .containsExactlyElementsOf(expected);
  }

  @Test
  void rowsAreReadAsTheyWereThoughTheyChangeBetweenPieces() {
    List<TableRows> expected = now();
    int arrays = manager.getManagedArrays().size();
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn)) {
      Iterator<TableRows> pieces = snapshot.read();
      List<TableRows> found = new ArrayList<>();
      for (int step = 0; pieces.hasNext(); step++) {
        change(snapshot, sample(step, 5_000), -step - 1);
        change(snapshot, sample(step / 2, 5_000), -step - 0.5f);
        found.add(pieces.next());
      }
      assertSame(found, expected);
      assertThat(manager.getManagedArrays()).hasSize(arrays);
      change(snapshot, sample(99, 5_000), 7);
      assertThat(manager.getManagedArrays()).hasSize(arrays);
    }
    assertThat(now().get(0).values()).contains(7);
  }

  /** The thread that changes rows never stops for the one that reads, and the other way round. */
  @Test
  void rowsAreReadAsTheyWereThoughTheyChangeAtTheSameTime() {
    List<TableRows> expected = now();
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn)) {
      CountDownLatch changing = new CountDownLatch(1);
      AtomicBoolean read = new AtomicBoolean();
      CompletableFuture<Integer> steps =
          CompletableFuture.supplyAsync(
              () -> {
                int step = 0;
                for (; step < 3 || !read.get(); step++) {
                  change(snapshot, sample(step, 5_000), -step - 1);
                  changing.countDown();
                }
                return step;
              });
      List<TableRows> found;
      try {
        changing.await();
        found = all(snapshot.read());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        read.set(true);
      }
      assertThat(steps.join()).isGreaterThanOrEqualTo(3);
      assertSame(found, expected);
    }
  }

  /** A thread that changes rows, once it waits for the reader. */
  private Thread waiting(TableSnapshot snapshot, int[] rows) {
    Thread step = new Thread(() -> change(snapshot, rows, -9));
    step.start();
    while (step.getState() != Thread.State.WAITING) {
      assertThat(step.isAlive()).as("waits").isTrue();
      Thread.onSpinWait();
    }
    return step;
  }

  @Test
  void atTheLimitOfCopiesAStepWaitsForTheReader() throws Exception {
    List<TableRows> expected = now();
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn, 8_000)) {
      change(snapshot, sample(1, 3_000), -1);
      int arrays = manager.getManagedArrays().size();
      Thread step = waiting(snapshot, sample(2, 20_000));
      assertThat(manager.getManagedArrays()).hasSize(arrays);
      assertSame(all(snapshot.read()), expected);
      step.join();
    }
    assertThat(now().get(0).values()).contains(-1, -9);
  }

  @Test
  void aReaderThatFailedHoldsNobodyUpAndLeavesNothing() throws Exception {
    int arrays = manager.getManagedArrays().size();
    TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn, 8_000);
    change(snapshot, sample(1, 3_000), -1);
    assertThat(manager.getManagedArrays().size()).isGreaterThan(arrays);
    Thread step = waiting(snapshot, sample(2, 20_000));
    snapshot.close();
    step.join();
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void anInterruptOfAWaitingStepStaysForLater() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn, 8_000)) {
      Thread step =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                change(snapshot, sample(2, 20_000), -9);
                interrupted.set(Thread.interrupted());
              });
      step.start();
      all(snapshot.read());
      step.join();
    }
    assertThat(interrupted).isTrue();
  }

  @Test
  void aSecondReadingIsRefused() {
    try (TableSnapshot snapshot = new TableSnapshot(manager, tables, drawn)) {
      all(snapshot.read());
      assertThatThrownBy(snapshot::read)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("read once");
    }
  }
}

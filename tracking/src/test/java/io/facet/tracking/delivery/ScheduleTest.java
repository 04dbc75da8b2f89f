package io.facet.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random lives of an outbox against the model of MLflow: it ends with the journal's content. */
class ScheduleTest {
  private static final int SHORT = 200;
  private static final int LONG = 10_000;

  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path disk;

  @Test
  void randomSchedulesLoseAndDoubleNothing() throws Exception {
    live(1, SHORT);
  }

  @Test
  @Tag("soak")
  void manyRandomSchedulesLoseAndDoubleNothing() throws Exception {
    live(SHORT + 1, LONG);
  }

  private void live(int from, int to) throws Exception {
    long requests = 0;
    long virtual = 0;
    for (int seed = from; seed <= to; seed++) {
      Path store = store(seed);
      FakeMlflow mlflow = new FakeMlflow();
      Schedule schedule = new Schedule(seed, store, mlflow);
      try {
        Map<String, String> ids = schedule.live();
        assertThat(mlflow.runCount()).isEqualTo(ids.size());
      } catch (Exception | AssertionError e) {
        throw new AssertionError("schedule of seed " + seed, e);
      }
      requests += schedule.network().requests();
      virtual += schedule.virtualMillis();
      delete(store);
    }
    System.out.printf(
        "%d schedules, %d requests, %d virtual hours%n",
        to - from + 1, requests, Duration.ofMillis(virtual).toHours());
  }

  /** In memory where that is possible: the schedules force files to the disk all the time. */
  private Path store(int seed) throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "facet-schedule-")
        : Files.createDirectory(disk.resolve("seed-" + seed));
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}

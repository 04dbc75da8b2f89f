package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPutIfAbsentTest {
  @TempDir private Path folder;

  @Test
  void keepsWhatIsThere() throws IOException {
    String target = folder.resolve("a/COMMITTED").toString();
    PutIfAbsent put = PutIfAbsent.forUri(target);
    assertThat(put.put(target, "one".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(put.put(target, "two".getBytes(StandardCharsets.UTF_8))).isFalse();
    assertThat(Path.of(target)).hasContent("one");
    try (var left = Files.list(folder.resolve("a"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void oneOfManyAtOnceWins() throws InterruptedException, ExecutionException {
    String target = folder.resolve("COMMITTED").toString();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        byte[] bytes = ("writer " + i).getBytes(StandardCharsets.UTF_8);
        writers.add(() -> new LocalPutIfAbsent().put(target, bytes));
      }
      int winners = 0;
      for (Future<Boolean> result : pool.invokeAll(writers)) {
        winners += result.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }
}

package io.facet.models.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTurnTest {
  @TempDir private Path folder;

  @Test
  void aSecondTrainingWaitsForTheFirst() throws Exception {
    DeviceTurn first = DeviceTurn.take(folder, "cuda:0", "one");
    CompletableFuture<DeviceTurn> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return DeviceTurn.take(folder, "cuda:0", "two");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(second).isNotDone();
    first.close();
    second.get(10, TimeUnit.SECONDS).close();
  }

  @Test
  void anotherGpuIsFree() throws Exception {
    try (DeviceTurn one = DeviceTurn.take(folder, "cuda:0", "one");
        DeviceTurn other = DeviceTurn.take(folder, "cuda:1", "two")) {
      assertThat(one).isNotSameAs(other);
    }
  }

  @Test
  void theProcessorIsNotWaitedFor() throws Exception {
    DeviceChoice host = new DeviceChoice("cpu", "", Optional.empty());
    try (DeviceTurn one = DeviceTurn.take(host, "one");
        DeviceTurn other = DeviceTurn.take(host, "two")) {
      assertThat(one).isNotSameAs(other);
    }
  }

  @Test
  void whoIsInterruptedWhileWaitingStops() throws Exception {
    try (DeviceTurn first = DeviceTurn.take(folder, "cuda:2", "one")) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> DeviceTurn.take(folder, "cuda:2", "two"))
          .isInstanceOf(InterruptedException.class);
    }
    DeviceTurn.take(folder, "cuda:2", "three").close();
  }
}

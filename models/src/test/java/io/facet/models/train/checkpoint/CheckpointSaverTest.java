package io.facet.models.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CheckpointSaverTest {
  private final List<Long> saved = Collections.synchronizedList(new ArrayList<>());
  private final CheckpointStore store =
      new CheckpointStore() {
        @Override
        public void save(long step, Content checkpoint) throws IOException {
          checkpoint.writeTo(new ByteArrayOutputStream());
          saved.add(step);
        }

        @Override
        public Optional<Saved> latest() {
          return Optional.empty();
        }
      };

  /** Content whose writing lasts until a latch is counted down. */
  private static CheckpointStore.Content until(CountDownLatch written) {
    return (OutputStream out) -> {
      try {
        written.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    };
  }

  @Test
  void trainingGoesOnWhileACheckpointIsWritten() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    try (CheckpointSaver saver = new CheckpointSaver(store)) {
      saver.begin(7, until(written), () -> saved.add(-7L));
      assertThat(saved).isEmpty();
      assertThat(saver.saving()).isTrue();
      written.countDown();
      assertThat(saver.settle()).hasValue(7);
      assertThat(saver.saving()).isFalse();
      assertThat(saved).containsExactly(7L, -7L);
      assertThat(saver.settle()).isEqualTo(OptionalLong.empty());
    }
  }

  @Test
  void aCheckpointWaitsForTheOneBefore() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CheckpointSaver saver = new CheckpointSaver(store);
    saver.begin(1, until(written), () -> {});
    CompletableFuture<Void> second =
        CompletableFuture.runAsync(
            () -> {
              try (saver) {
                saver.begin(2, out -> {}, () -> {});
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(second).isNotDone();
    written.countDown();
    second.join();
    assertThat(saved).containsExactly(1L, 2L);
  }

  @Test
  void anInterruptNeitherCutsACheckpointNorGetsLost() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    try (CheckpointSaver saver = new CheckpointSaver(store)) {
      saver.begin(3, until(written), () -> {});
      Thread waiting = Thread.currentThread();
      waiting.interrupt();
      CompletableFuture.runAsync(
          () -> {
            while (waiting.getState() == Thread.State.RUNNABLE && waiting.isInterrupted()) {
              Thread.onSpinWait();
            }
            written.countDown();
          });
      assertThat(saver.settle()).hasValue(3);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(saved).containsExactly(3L);
    }
  }

  @Test
  void aFullDiskEndsTrainingWhereItNextWaits() throws Exception {
    try (CheckpointSaver saver = new CheckpointSaver(store)) {
      saver.begin(
          4,
          out -> {
            throw new IOException("no space left");
          },
          () -> saved.add(-4L));
      assertThatThrownBy(saver::settle).isInstanceOf(IOException.class).hasMessage("no space left");
      saver.begin(
          5,
          out -> {
            throw new IllegalStateException("a bug");
          },
          () -> saved.add(-5L));
      assertThatThrownBy(() -> saver.begin(6, out -> {}, () -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a bug");
    }
    assertThat(saved).as("what was run after each failure").containsExactly(-4L, -5L);
  }
}

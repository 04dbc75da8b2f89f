package io.facet.transforms.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {
  @TempDir Path folder;

  /** Another process: holds a lock until its input ends. */
  public static final class Holder {
    private Holder() {}

    /** The file is the only argument. */
    public static void main(String[] arguments) throws Exception {
      try (CacheLock lock = CacheLock.take(Path.of(arguments[0]))) {
        System.out.println("held");
        System.in.read();
      }
    }
  }

  @Test
  void anotherThreadWaitsUntilItIsFree() throws Exception {
    Path path = folder.resolve("lock");
    CompletableFuture<Boolean> taken;
    try (CacheLock lock = CacheLock.take(path)) {
      taken =
          CompletableFuture.supplyAsync(
              () -> {
                try (CacheLock other = CacheLock.take(path)) {
                  return true;
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(
              CompletableFuture.supplyAsync(
                      () -> {
                        try {
                          return CacheLock.tryTake(path).isPresent();
                        } catch (Exception e) {
                          throw new IllegalStateException(e);
                        }
                      })
                  .join())
          .isFalse();
      assertThat(taken).isNotDone();
    }
    assertThat(taken.join()).isTrue();
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Path path = folder.resolve("lock");
    Process holder = hold(path);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try (CacheLock lock = CacheLock.take(path)) {
                ended.complete(null);
              } catch (Exception e) {
                ended.complete(e);
              }
            });
    waiting.start();
    waiting.interrupt();
    assertThat(ended.join()).isInstanceOf(InterruptedException.class);
    holder.destroyForcibly().waitFor();
  }

  @Test
  void aLockOfAProcessIsGoneWithIt() throws Exception {
    Path path = folder.resolve("lock");
    Process holder = hold(path);
    assertThat(CacheLock.tryTake(path)).isEmpty();
    holder.destroyForcibly().waitFor();
    try (CacheLock lock = CacheLock.take(path)) {
      assertThat(Files.exists(path)).isTrue();
    }
  }

  private static Process hold(Path path) throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    return holder;
  }
}

package io.facet.models.train.checkpoint;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Saves checkpoints beside training, one at a time: {@link #begin} returns at once, {@link #settle}
 * waits. For one thread that trains.
 */
public final class CheckpointSaver implements AutoCloseable {
  private final CheckpointStore store;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "facet-checkpoint");
            made.setDaemon(true);
            return made;
          });
  private Future<?> saving;
  private long step;

  /** Saves into a store. */
  public CheckpointSaver(CheckpointStore store) {
    this.store = store;
  }

  /**
   * Begins to save a checkpoint, after that before it.
   *
   * @param checkpoint what does not change any more; asked once, for nobody interrupts its thread
   * @param then run when it is saved, or could not be; not if the one before could not
   * @throws IOException if the one before could not be saved
   */
  public void begin(long step, CheckpointStore.Content checkpoint, Runnable then)
      throws IOException {
    settle();
    this.step = step;
    saving =
        thread.submit(
            () -> {
              try {
                store.save(step, checkpoint);
              } finally {
                then.run();
              }
              return null;
            });
  }

  /** Whether one is being saved at this moment. */
  public boolean saving() {
    return saving != null && !saving.isDone();
  }

  /**
   * Waits until the last checkpoint is saved; an interrupt stays for later.
   *
   * @return its step, each once
   * @throws IOException if it could not be saved
   */
  public OptionalLong settle() throws IOException {
    if (saving == null) {
      return OptionalLong.empty();
    }
    Future<?> pending = saving;
    saving = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          pending.get();
          return OptionalLong.of(step);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrown(Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /** Waits as {@link #settle} does. */
  @Override
  public void close() throws IOException {
    try {
      settle();
    } finally {
      thread.shutdown();
    }
  }
}

package io.facet.models.train.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Keeps checkpoints of one training run. Writes are atomic: a reader sees whole ones only. */
public interface CheckpointStore {
  /**
   * Writes a checkpoint's bytes, of any number, from first to last. It is asked again only where an
   * interrupt of the thread that saves cut it short.
   */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Opens the bytes that were written. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /** A checkpoint and its step. */
  record Saved(long step, Source source) {}

  /** Replaces the latest checkpoint. */
  void save(long step, Content checkpoint) throws IOException;

  /** The latest whole checkpoint, if any. */
  Optional<Saved> latest() throws IOException;

  /**
   * Sets aside checkpoints whose bytes changed since they were saved, so that {@link #latest} finds
   * an earlier one or none.
   *
   * @return for each what was found, in one line
   */
  default List<String> setAsideDamaged() throws IOException {
    return List.of();
  }
}

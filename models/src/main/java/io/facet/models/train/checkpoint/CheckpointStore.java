package io.facet.models.train.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Keeps checkpoints of one training run. Writes are atomic: a reader sees whole ones only. */
public interface CheckpointStore {
  /** Replaces the latest checkpoint. */
  void save(long step, byte[] checkpoint) throws IOException;

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

  /** A checkpoint and its step. */
  @SuppressWarnings("ArrayRecordComponent")
  record Saved(long step, byte[] bytes) {}
}

package io.facet.models.train;

import java.io.IOException;
import java.util.Optional;

/** Keeps checkpoints of one training run. Writes are atomic: a reader sees whole ones only. */
public interface CheckpointStore {
  /** Replaces the latest checkpoint. */
  void save(long step, byte[] checkpoint) throws IOException;

  /** The latest whole checkpoint, if any. */
  Optional<Saved> latest() throws IOException;

  /** A checkpoint and its step. */
  @SuppressWarnings("ArrayRecordComponent")
  record Saved(long step, byte[] bytes) {}
}

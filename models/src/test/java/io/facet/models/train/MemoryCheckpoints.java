package io.facet.models.train;

import io.facet.models.train.checkpoint.CheckpointStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** The latest checkpoint in memory. */
public class MemoryCheckpoints implements CheckpointStore {
  private Saved latest;

  @Override
  public void save(long step, Content checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    checkpoint.writeTo(out);
    byte[] bytes = out.toByteArray();
    latest = new Saved(step, () -> new ByteArrayInputStream(bytes));
  }

  @Override
  public Optional<Saved> latest() {
    return Optional.ofNullable(latest);
  }
}

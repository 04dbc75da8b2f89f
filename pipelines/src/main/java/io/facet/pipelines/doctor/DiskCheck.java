package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Room in the store, and the right to write there.
 *
 * @param store its folder, which need not be there yet
 */
public record DiskCheck(Path store) implements Check {
  private static final long ENOUGH = 2L << 30;

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String look() throws IOException {
    Path folder = store.toAbsolutePath();
    while (!Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (!Files.isWritable(folder)) {
      throw new InfrastructureException(folder + " cannot be written");
    }
    FileStore disk = Files.getFileStore(folder);
    if (disk.getUsableSpace() < ENOUGH) {
      throw new InfrastructureException(
          "only %d MB free at %s".formatted(disk.getUsableSpace() >> 20, folder));
    }
    return (disk.getUsableSpace() >> 30) + " GB free at " + folder;
  }

  @Override
  public String cure() {
    return "free some space (2 GB at least), or give another --store";
  }
}

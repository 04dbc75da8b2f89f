package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of a store that trainings read, on this machine while this is open. Those on its own file
 * systems are read where they lie, others from {@link FileCopies}; either way all trainings read
 * the same.
 */
public final class TrainingFiles implements AutoCloseable {
  private final List<Path> paths;
  private final Optional<CopyUse> use;

  private TrainingFiles(List<Path> paths, Optional<CopyUse> use) {
    this.paths = paths;
    this.use = use;
  }

  /**
   * Opens files; the caller closes this.
   *
   * @throws DataException if one has not the bytes that the store's manifest tells of
   * @throws InterruptedException if the thread is interrupted while they are fetched
   */
  public static TrainingFiles open(List<DataFile> files) throws IOException, InterruptedException {
    return open(files, FileCopies.ofThisMachine());
  }

  static TrainingFiles open(List<DataFile> files, FileCopies copies)
      throws IOException, InterruptedException {
    if (files.stream().allMatch(file -> isHere(file.uri()))) {
      return new TrainingFiles(files.stream().map(TrainingFiles::whole).toList(), Optional.empty());
    }
    FileCopies.Copied copied = copies.copy(files);
    return new TrainingFiles(copied.paths(), Optional.of(copied.use()));
  }

  private static boolean isHere(String uri) {
    return StoredFiles.resource(uri).getScheme().equals("file");
  }

  private static Path whole(DataFile file) {
    Path path = Path.of(StoredFiles.resource(file.uri()).toString());
    try {
      if (Files.size(path) == file.bytes()) {
        return path;
      }
    } catch (IOException e) {
      throw unlike(file, e);
    }
    throw unlike(file, null);
  }

  private static DataException unlike(DataFile file, Exception cause) {
    return new DataException(
        "%s is not there with the %d bytes its manifest tells of; run again, which makes it anew"
            .formatted(file.uri(), file.bytes()),
        cause);
  }

  /** The files, in the order in which they were asked for. */
  public List<Path> paths() {
    return paths;
  }

  @Override
  public void close() throws IOException {
    if (use.isPresent()) {
      use.get().close();
    }
  }
}

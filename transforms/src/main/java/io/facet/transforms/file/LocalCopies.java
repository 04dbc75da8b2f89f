package io.facet.transforms.file;

import io.facet.models.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Files of shared storage, for what reads local files only: fetched once a version (URI, size and
 * time) into {@code FACET_CACHE} or {@code ~/.cache/facet}, on the driver and on each worker.
 */
public final class LocalCopies {
  private LocalCopies() {}

  /**
   * The path of a file with these bytes; a local file is its own.
   *
   * @param uri path, or URI of a small file
   * @throws DataException if there is no such file
   */
  public static String of(String uri) {
    if (SharedFiles.of(uri).isEmpty()) {
      return uri;
    }
    try {
      StoredFiles.Listed there = StoredFiles.stat(uri);
      String version = "%s %d %d".formatted(uri, there.size(), there.lastModified());
      Path copy = CacheFolder.of("files").resolve(Sha256.hex(version)).resolve(there.name());
      if (!Files.isRegularFile(copy) || Files.size(copy) != there.size()) {
        fetch(uri, copy);
      }
      return copy.toString();
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": there is no such file; correct the path or data.root", e);
    } catch (IOException e) {
      throw new UncheckedIOException(uri + ": cannot be read", e);
    }
  }

  private static void fetch(String uri, Path copy) throws IOException {
    Files.createDirectories(copy.getParent());
    Path temporary = copy.resolveSibling("." + copy.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.write(temporary, StoredFiles.read(uri));
      Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}

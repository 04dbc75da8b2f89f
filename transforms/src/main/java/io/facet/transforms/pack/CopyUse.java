package io.facet.transforms.pack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that a training reads copies: a locked file in their folder. The lock of a process that dies
 * is gone with it. Made and asked for under the {@link CacheLock} of the folder.
 */
final class CopyUse implements AutoCloseable {
  private static final String NAME = "use-";

  private final Path path;
  private final FileChannel file;

  private CopyUse(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /** Begins to use a folder. */
  static CopyUse begin(Path folder) throws IOException {
    Path path = folder.resolve(NAME + UUID.randomUUID());
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      file.lock();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    ofThisProcess().add(path.toString());
    return new CopyUse(path, file);
  }

  /** Whether anybody uses a folder. */
  static boolean any(Path folder) throws IOException {
    try (DirectoryStream<Path> uses = Files.newDirectoryStream(folder, NAME + "*")) {
      for (Path use : uses) {
        // to open and close a file that this process has locked would end the lock
        if (ofThisProcess().contains(use.toString()) || isLocked(use)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean isLocked(Path use) throws IOException {
    try (FileChannel file = FileChannel.open(use, StandardOpenOption.WRITE)) {
      if (file.tryLock() == null) {
        return true;
      }
    }
    Files.deleteIfExists(use); // of a process that died
    return false;
  }

  /** Held in the system properties: the only place that all class loaders of a JVM share. */
  @SuppressWarnings("unchecked")
  private static Set<String> ofThisProcess() {
    return (Set<String>)
        System.getProperties()
            .computeIfAbsent("io.facet.pack.uses", name -> ConcurrentHashMap.newKeySet());
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.deleteIfExists(path);
    ofThisProcess().remove(path.toString());
  }
}

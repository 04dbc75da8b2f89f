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
 * Says that a training reads a pack: a locked file in the pack's folder. The lock of a process that
 * dies is gone with it. Made and asked for under the pack's {@link CacheLock}.
 */
final class PackUse implements AutoCloseable {
  private static final String NAME = "use-";

  private final Path path;
  private final FileChannel file;

  private PackUse(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /** Begins to use a pack. */
  static PackUse begin(Path pack) throws IOException {
    Path path = pack.resolve(NAME + UUID.randomUUID());
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      file.lock();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    ofThisProcess().add(path.toString());
    return new PackUse(path, file);
  }

  /** Whether anybody uses a pack. */
  static boolean any(Path pack) throws IOException {
    try (DirectoryStream<Path> uses = Files.newDirectoryStream(pack, NAME + "*")) {
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

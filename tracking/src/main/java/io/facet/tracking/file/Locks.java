package io.facet.tracking.file;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Small file operations that several processes rely on. */
public final class Locks {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private Locks() {}

  /**
   * Takes the lock a file stands for, or answers empty if somebody has it. Closing the answer frees
   * it, and so does the death of the process.
   *
   * <p>Locks held by this process are remembered, since on POSIX systems opening and closing the
   * same file once more would free them.
   */
  public static Optional<Held> tryLock(Path file) throws IOException {
    Path name = file.toAbsolutePath().normalize();
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return Optional.of(new Held(name, channel));
      }
    } catch (IOException | RuntimeException e) {
      release(name, channel);
      throw e;
    }
    release(name, channel);
    return Optional.empty();
  }

  /** Takes a lock, waiting for whoever has it; {@link IOException} if that takes too long. */
  public static Held lock(Path file, Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<Held> held = tryLock(file);
      if (held.isPresent()) {
        return held.get();
      }
      if (System.nanoTime() > end) {
        throw new IOException("Another process holds " + file + ".");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void release(Path name, FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(name);
    }
  }

  /** A lock that is held until closed. */
  public static final class Held implements Closeable {
    private final Path name;
    private final FileChannel channel;

    private Held(Path name, FileChannel channel) {
      this.name = name;
      this.channel = channel;
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        release(name, channel);
      }
    }
  }

  /**
   * Puts {@code bytes} in the place of a file, on the disk; readers see the old or the new content
   * whole.
   */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
        out.write(bytes);
        out.getFD().sync();
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(file.toAbsolutePath().getParent());
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Forces a folder's list of files to the disk, where the system can. */
  public static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().getSeparator().equals("/")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (ClosedByInterruptException e) {
        // Only this channel is closed; the thread keeps its interrupt, the file's content is safe.
      }
    }
  }
}

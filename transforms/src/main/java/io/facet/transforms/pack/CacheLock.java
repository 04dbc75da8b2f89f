package io.facet.transforms.pack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One thread at a time on this machine, whatever its process or class loader. */
final class CacheLock implements AutoCloseable {
  private final ReentrantLock inProcess;
  private final FileChannel file;

  private CacheLock(ReentrantLock inProcess, FileChannel file) {
    this.inProcess = inProcess;
    this.file = file;
  }

  /** Waits for the lock that a file stands for; the file is made if it is not there. */
  static CacheLock take(Path path) throws IOException, InterruptedException {
    ReentrantLock inProcess = inProcess(path);
    inProcess.lockInterruptibly();
    return locked(inProcess, path, true).orElseThrow();
  }

  /** The same if nobody has it. */
  static Optional<CacheLock> tryTake(Path path) throws IOException, InterruptedException {
    ReentrantLock inProcess = inProcess(path);
    return inProcess.tryLock() ? locked(inProcess, path, false) : Optional.empty();
  }

  private static Optional<CacheLock> locked(ReentrantLock inProcess, Path path, boolean wait)
      throws IOException, InterruptedException {
    FileChannel file = null;
    boolean taken = false;
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = wait ? file.lock() : file.tryLock();
      taken = lock != null;
      return taken ? Optional.of(new CacheLock(inProcess, file)) : Optional.empty();
    } catch (FileLockInterruptionException e) {
      throw (InterruptedException) new InterruptedException("waiting for " + path).initCause(e);
    } finally {
      if (!taken) {
        if (file != null) {
          file.close();
        }
        inProcess.unlock();
      }
    }
  }

  /** Held in the system properties: the only place that all class loaders of a JVM share. */
  private static ReentrantLock inProcess(Path path) {
    return (ReentrantLock)
        System.getProperties()
            .computeIfAbsent("io.facet.pack.lock " + path, name -> new ReentrantLock());
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      inProcess.unlock();
    }
  }
}

package io.facet.models.train.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A private file for data that need not fit in memory. It has no name any more once it is open, so
 * that nothing is left when the process dies. Safe to use from several threads; interrupts do not
 * close it.
 *
 * <p>It lies in the folder that the system property {@link #FOLDER} names, else in {@code
 * java.io.tmpdir}. That should be a disk with room for the cached outputs of the teachers and a few
 * shards of crops, not a file system in memory.
 */
public final class ScratchFile implements AutoCloseable {
  /** System property: where scratch files lie. */
  static final String FOLDER = "facet.scratch";

  private final RandomAccessFile file;
  private long length;

  /** An empty file. */
  public ScratchFile() {
    Path folder = Path.of(System.getProperty(FOLDER, System.getProperty("java.io.tmpdir")));
    try {
      Files.createDirectories(folder);
      Path path = Files.createTempFile(folder, "facet-", ".scratch");
      file = new RandomAccessFile(path.toFile(), "rw");
      Files.delete(path);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Writes at the end; returns where. */
  public synchronized long append(byte[] bytes) {
    long position = length;
    write(position, bytes);
    return position;
  }

  /** Writes at a place; the file grows as needed. */
  public synchronized void write(long position, byte[] bytes) {
    try {
      file.seek(position);
      file.write(bytes);
      length = Math.max(length, position + bytes.length);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Bytes written before. */
  public synchronized byte[] read(long position, int count) {
    byte[] bytes = new byte[count];
    try {
      file.seek(position);
      file.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        "scratch file in %s: %s; name another folder by -D%s"
            .formatted(
                System.getProperty(FOLDER, System.getProperty("java.io.tmpdir")),
                e.getMessage(),
                FOLDER),
        e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}

package io.facet.models.train.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that any number of threads read at any place, none waiting for another. Trainings that
 * share a file have one of these each. An interrupt closes the channel of the thread that reads;
 * here it is opened again and the interrupt stays set, since a training that is stopped ends its
 * step first.
 */
public final class PositionalFile implements AutoCloseable {
  private final Path path;
  private volatile FileChannel channel;
  private volatile boolean closed;

  /** Opens a file. */
  public PositionalFile(Path path) {
    this.path = path;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** So many bytes from a place on. */
  public byte[] read(long position, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    boolean interrupted = false;
    try {
      while (bytes.hasRemaining()) {
        FileChannel current = channel;
        try {
          if (current.read(bytes, position + bytes.position()) < 0) {
            throw new EOFException("it ends before byte " + (position + count));
          }
        } catch (ClosedChannelException e) { // by an interrupt of this thread or of another one
          interrupted |= Thread.interrupted();
          reopen(current);
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel lost) throws IOException {
    if (closed) {
      throw new IllegalStateException(path + " is closed already");
    }
    if (channel == lost) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        "%s: cannot be read: %s; run again to resume".formatted(path, e.getMessage()), e);
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}

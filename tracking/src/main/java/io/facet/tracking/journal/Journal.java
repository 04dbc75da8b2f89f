package io.facet.tracking.journal;

import io.facet.tracking.file.Locks;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of an append-only journal in a folder.
 *
 * <p>{@link #append} only copies into memory; a background thread writes every 200 ms and forces
 * the file to the disk at least once a second, {@link #flush} does both at once. Only one process
 * writes a journal: a lock file says so and is freed by the operating system when it dies. An
 * incomplete end, left by a crash, is cut off on opening.
 *
 * <p>The file is not an NIO channel: those close when a thread that uses them is interrupted, and
 * interrupted threads must be able to say how their runs ended.
 *
 * <p>When the disk cannot be written, what was appended stays in memory and is tried again; beyond
 * one megabyte of it, or on {@link #flush}, {@link UncheckedIOException} says so.
 */
public final class Journal implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final long SEGMENT_BYTES = 64L << 20;
  private static final int LARGE_BACKLOG = 1 << 20;
  private static final long WRITE_MILLIS = 200;
  private static final long FORCE_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
  private static final String LOCK = "writer.lock";

  private final Path folder;
  private final long segmentBytes;
  private final Locks.Held lock;
  private final ScheduledExecutorService flusher;
  private final ReentrantLock file = new ReentrantLock();
  private final Object memory = new Object();

  private Pending pending = new Pending();
  private int segment;
  private RandomAccessFile data;
  private long written;
  private boolean unforced;
  private long lastForce = System.nanoTime();
  private volatile long forced;
  private volatile boolean closed;
  private volatile Runnable onWritten = () -> {};

  private Journal(Path folder, long segmentBytes, boolean timed, Locks.Held lock)
      throws IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.lock = lock;
    recover();
    flusher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "facet-journal");
              thread.setDaemon(true);
              return thread;
            });
    if (timed) {
      flusher.scheduleWithFixedDelay(this::tick, WRITE_MILLIS, WRITE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Opens or creates the journal; fails if another writer has it. */
  public static Journal open(Path folder) throws IOException {
    return open(folder, SEGMENT_BYTES);
  }

  static Journal open(Path folder, long segmentBytes) throws IOException {
    return tryOpen(folder, segmentBytes, true)
        .orElseThrow(() -> new IOException("Another process writes the journal " + folder + "."));
  }

  /** Opens the journal, or answers empty if another writer has it. */
  public static Optional<Journal> tryOpen(Path folder) throws IOException {
    return tryOpen(folder, SEGMENT_BYTES, true);
  }

  /** As {@link #open(Path)}; a journal that is not timed writes only when told. */
  static Optional<Journal> tryOpen(Path folder, long segmentBytes, boolean timed)
      throws IOException {
    Files.createDirectories(folder);
    Optional<Locks.Held> lock = Locks.tryLock(folder.resolve(LOCK));
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Journal(folder, segmentBytes, timed, lock.get()));
    } catch (IOException e) {
      lock.get().close();
      throw e;
    }
  }

  /** Adds a record. Safe from any thread; records of one thread keep their order. */
  public void append(byte[] payload) {
    if (payload.length == 0 || payload.length > JournalFormat.LARGEST_RECORD) {
      throw new IllegalArgumentException("A journal record has 1 byte to 32 MB.");
    }
    int checksum = JournalFormat.checksum(payload, 0, payload.length);
    boolean large;
    synchronized (memory) {
      if (closed) {
        throw new IllegalStateException("The journal " + folder + " is closed.");
      }
      pending.add(payload, checksum);
      large = pending.size() > LARGE_BACKLOG;
    }
    if (large) {
      write(false);
    }
  }

  /** Writes everything appended so far and forces it to the disk. */
  public void flush() {
    write(true);
  }

  /** Calls {@code listener} on the writing thread after records became readable. */
  public void onWritten(Runnable listener) {
    this.onWritten = listener;
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Bytes of the newest segment that are on the disk for sure. */
  long forced() {
    return forced;
  }

  /** Frees the journal as the death of the process would: what is not written yet is lost. */
  void die() throws IOException {
    synchronized (memory) {
      closed = true;
      pending = new Pending();
    }
    close(false);
  }

  /** Writes what is left and frees the lock. */
  @Override
  public void close() throws IOException {
    synchronized (memory) {
      if (closed) {
        return;
      }
      closed = true;
    }
    close(true);
  }

  private void close(boolean whole) throws IOException {
    flusher.shutdown();
    try {
      write(whole);
    } finally {
      file.lock();
      try (lock;
          RandomAccessFile last = data) {
        LOG.debug("Closed the journal {} at {}", folder, last.getFilePointer());
      } finally {
        file.unlock();
      }
    }
  }

  private void tick() {
    try {
      write(System.nanoTime() - lastForce > FORCE_NANOS);
    } catch (UncheckedIOException e) {
      LOG.error("Cannot write the tracking journal {}: {}", folder, e.getCause().getMessage());
    }
  }

  void write(boolean force) {
    boolean wrote = false;
    file.lock();
    try {
      Pending batch = null;
      synchronized (memory) {
        if (pending.size() > 0) {
          batch = pending;
          pending = new Pending();
        }
      }
      if (batch != null) {
        writeOrKeep(batch);
        wrote = true;
      }
      if (force && unforced) {
        data.getFD().sync();
        unforced = false;
        forced = written;
        lastForce = System.nanoTime();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the tracking journal " + folder + " (is the disk full?)", e);
    } finally {
      file.unlock();
    }
    if (wrote) {
      onWritten.run();
    }
  }

  private void writeOrKeep(Pending batch) throws IOException {
    try {
      if (written >= segmentBytes) {
        rotate();
      }
      batch.writeTo(data);
      written = data.getFilePointer();
      unforced = true;
    } catch (IOException e) {
      synchronized (memory) {
        batch.append(pending);
        pending = batch;
      }
      data.setLength(written);
      data.seek(written);
      throw e;
    }
  }

  private void rotate() throws IOException {
    data.getFD().sync();
    RandomAccessFile next = begin(segment + 1);
    data.close();
    data = next;
    segment++;
    written = JournalFormat.MAGIC_BYTES;
    forced = written;
  }

  private RandomAccessFile begin(int number) throws IOException {
    RandomAccessFile next =
        new RandomAccessFile(JournalFormat.segment(folder, number).toFile(), "rw");
    try {
      next.setLength(0);
      next.write(JournalFormat.magic().array());
      next.getFD().sync();
      Locks.forceFolder(folder);
      return next;
    } catch (IOException e) {
      next.close();
      throw e;
    }
  }

  private void recover() throws IOException {
    segment = 1;
    while (Files.exists(JournalFormat.segment(folder, segment + 1))) {
      segment++;
    }
    Path path = JournalFormat.segment(folder, segment);
    if (!Files.exists(path) || Files.size(path) < JournalFormat.MAGIC_BYTES) {
      data = begin(segment);
      written = JournalFormat.MAGIC_BYTES;
      return;
    }
    long end;
    try (JournalReader reader =
        new JournalReader(folder, new JournalPosition(segment, JournalFormat.MAGIC_BYTES))) {
      while (reader.next().isPresent()) {
        // Only the position after the last complete record is wanted.
      }
      end = reader.position().offset();
    }
    data = new RandomAccessFile(path.toFile(), "rw");
    if (data.length() > end) {
      LOG.warn("Cut {} incomplete bytes off {}", data.length() - end, path);
      data.setLength(end);
    }
    data.seek(end);
    written = end;
  }

  /** Framed records that are not in the file yet. */
  private static final class Pending extends ByteArrayOutputStream {
    private final ByteBuffer header = ByteBuffer.allocate(JournalFormat.HEADER_BYTES);

    void add(byte[] payload, int checksum) {
      header.clear();
      header.putInt(payload.length).putInt(checksum);
      write(header.array(), 0, JournalFormat.HEADER_BYTES);
      write(payload, 0, payload.length);
    }

    void append(Pending later) {
      write(later.buf, 0, later.count);
    }

    void writeTo(RandomAccessFile file) throws IOException {
      file.write(buf, 0, count);
    }
  }
}

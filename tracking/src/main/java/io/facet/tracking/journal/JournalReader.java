package io.facet.tracking.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a journal from a position on, also while another process still writes it.
 *
 * <p>An incomplete record at the very end is taken for one that is still being written: {@link
 * #next()} answers empty, and may be asked again later. A record whose checksum is wrong but which
 * has valid ones behind it, and an incomplete end of a segment that has a successor, are passed
 * over and counted in {@link #damaged()}.
 */
public final class JournalReader implements Closeable {
  private static final int CHUNK = 1 << 20;

  /**
   * One record.
   *
   * @param start where it begins
   * @param end where the next one begins
   * @param payload its bytes
   */
  public record Entry(JournalPosition start, JournalPosition end, byte[] payload) {}

  private enum Look {
    COMPLETE,
    INCOMPLETE,
    WRONG
  }

  private final Path folder;
  private int segment;
  private long offset;
  private RandomAccessFile file;
  private ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
  private long chunkStart;
  private long damaged;

  /** Reads what lies behind {@code from}. */
  public JournalReader(Path folder, JournalPosition from) {
    this.folder = folder;
    this.segment = from.segment();
    this.offset = from.offset();
  }

  /** The next complete record, or empty when there is none yet. */
  public Optional<Entry> next() throws IOException {
    while (open()) {
      boolean last = !Files.exists(JournalFormat.segment(folder, segment + 1));
      Look look = look(offset);
      if (look == Look.COMPLETE) {
        return Optional.of(take());
      }
      if (look == Look.WRONG && look(offset + recordBytes(offset)) == Look.COMPLETE) {
        damaged++;
        offset += recordBytes(offset);
      } else if (last) {
        return Optional.empty();
      } else {
        if (file.length() > offset) {
          damaged++;
        }
        moveTo(segment + 1);
      }
    }
    return Optional.empty();
  }

  /**
   * Forces to the disk what was read so far, whoever wrote it. Earlier segments were forced when
   * their successor began.
   */
  public void force() throws IOException {
    if (file != null && folder.getFileSystem().getSeparator().equals("/")) {
      file.getFD().sync();
    }
  }

  /** Where the next record begins. */
  public JournalPosition position() {
    return new JournalPosition(segment, offset);
  }

  /** Records, or unreadable ends of segments, passed over so far. */
  public long damaged() {
    return damaged;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private boolean open() throws IOException {
    if (file != null) {
      return true;
    }
    Path path = JournalFormat.segment(folder, segment);
    if (!Files.exists(path)) {
      return false;
    }
    file = new RandomAccessFile(path.toFile(), "r");
    chunk.limit(0);
    chunkStart = 0;
    if (fill(0, JournalFormat.MAGIC_BYTES)) {
      if (!JournalFormat.isMagic(chunk.duplicate().position(0))) {
        throw new IOException(path + " is not a tracking journal of this version.");
      }
      return true;
    }
    if (Files.exists(JournalFormat.segment(folder, segment + 1))) {
      damaged++;
      moveTo(segment + 1);
      return open();
    }
    close();
    return false;
  }

  private void moveTo(int next) throws IOException {
    close();
    segment = next;
    offset = JournalFormat.MAGIC_BYTES;
  }

  private Look look(long at) throws IOException {
    if (!fill(at, JournalFormat.HEADER_BYTES)) {
      return Look.INCOMPLETE;
    }
    int length = length(at);
    if (length <= 0 || length > JournalFormat.LARGEST_RECORD) {
      return Look.INCOMPLETE;
    }
    if (!fill(at, JournalFormat.HEADER_BYTES + length)) {
      return Look.INCOMPLETE;
    }
    int place = (int) (at - chunkStart);
    int checksum = chunk.getInt(place + 4);
    int actual = JournalFormat.checksum(chunk.array(), place + JournalFormat.HEADER_BYTES, length);
    return checksum == actual ? Look.COMPLETE : Look.WRONG;
  }

  private Entry take() {
    int length = length(offset);
    byte[] payload = new byte[length];
    chunk.get((int) (offset - chunkStart) + JournalFormat.HEADER_BYTES, payload);
    JournalPosition start = position();
    offset += JournalFormat.HEADER_BYTES + length;
    return new Entry(start, position(), payload);
  }

  private long recordBytes(long at) throws IOException {
    fill(at, JournalFormat.HEADER_BYTES);
    return JournalFormat.HEADER_BYTES + (long) length(at);
  }

  private int length(long at) {
    return chunk.getInt((int) (at - chunkStart));
  }

  /** Brings {@code count} bytes from {@code at} on into the chunk, if the file has them. */
  private boolean fill(long at, int count) throws IOException {
    if (at >= chunkStart && at + count <= chunkStart + chunk.limit()) {
      return true;
    }
    if (chunk.capacity() < count) {
      chunk = ByteBuffer.allocate(count);
    }
    chunk.clear();
    chunkStart = at;
    file.seek(at);
    int read = 0;
    int last = 0;
    while (last >= 0 && read < chunk.capacity()) {
      last = file.read(chunk.array(), read, chunk.capacity() - read);
      read += Math.max(0, last);
    }
    chunk.limit(read);
    return chunk.limit() >= count;
  }
}

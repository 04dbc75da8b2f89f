package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The records that begin in one range of bytes of a RecordIO file, one after the other. Not safe
 * for several threads.
 *
 * <p>With an index a range is what lies between the first record that the index lists in it and the
 * first one behind it. Without one it begins at the first bytes that can be nothing but a record.
 */
public final class RecordIoReader implements AutoCloseable {
  private final ChannelWindow file;
  private final RecordHeads heads;
  private final RecordIndex index;
  private final int maximumPayload;
  private final long first;
  private final long stop;
  private long position;
  private long number;

  /**
   * Bytes of a file.
   *
   * @param start first byte, a multiple of 4
   * @param end byte behind them, at most the file's size counts
   * @param before records before them in the file, for the keys where there is no index
   */
  public record Range(long start, long end, long before) {
    /** A whole file. */
    public static final Range WHOLE = new Range(0, Long.MAX_VALUE, 0);
  }

  /**
   * Opens a range. Closing it closes the files.
   *
   * @param idx its index, if there is one
   * @param maximumPayload bytes of an image that are read at most
   * @throws DataException if a file is something else
   */
  public RecordIoReader(
      RecordIo.File rec, Optional<RecordIo.File> idx, Range range, int maximumPayload) {
    file = new ChannelWindow(rec.name(), rec.channel());
    heads = new RecordHeads(file);
    this.maximumPayload = maximumPayload;
    number = range.before();
    try {
      index = idx.map(f -> new RecordIndex(f.name(), f.channel())).orElse(null);
      if (range.start() == 0) {
        heads.requireRecordIo();
      }
      stop = index == null ? Math.min(range.end(), file.size()) : listed(range.end());
      first = index == null ? heads.firstAfter(range.start()) : listed(range.start());
      position = first;
    } catch (DataException e) {
      idx.ifPresent(f -> new ChannelWindow(f.name(), f.channel()).close());
      file.close();
      throw e;
    }
  }

  /** Where the records begin that the index lists from a byte on. */
  private long listed(long byteOffset) {
    if (byteOffset >= file.size()) {
      return file.size();
    }
    index.seek(byteOffset);
    return byteOffset == 0 ? 0 : index.peek() == null ? file.size() : index.peek().offset();
  }

  /** Where the first record of the range begins. */
  public long first() {
    return first;
  }

  /** Where the next record begins. */
  public long position() {
    return position;
  }

  /** Records before the next one in the file, those without an image among them. */
  public long number() {
    return number;
  }

  /** Goes over all records of a range without reading them; only where there is no index. */
  public void skipAll() {
    while (position < stop) {
      RecordHeads.Head head = heads.at(position);
      position = head.fault().isEmpty() ? head.end() : heads.firstAfter(position + 4);
      number++;
    }
  }

  /**
   * The next image, or bytes that should be one and are not.
   *
   * @return null at the end of the range
   * @throws DataException if the index does not belong to the file
   */
  public RecordIo.Entry next() {
    while (position < stop) {
      long offset = position;
      long key = key(offset);
      RecordHeads.Head head = heads.at(offset);
      number++;
      if (head.fault().isPresent()) {
        position = resumed(offset + 4);
        return damaged(key, offset, head.fault().get());
      }
      long following = following(offset);
      if (head.end() > following) {
        if (head.end() == file.size() || heads.at(head.end()).fault().isEmpty()) {
          throw lies(following, offset);
        }
        position = following;
        return damaged(key, offset, "runs over the next one at byte " + following);
      }
      position = head.end();
      RecordIo.Image image = image(key, offset, head);
      if (image.payload().length == 0 && image.labels().length == 2) {
        continue; // the set's head, or a range of keys of one identity
      }
      if (key < 0) {
        return new RecordIo.Refused(
            key,
            offset,
            RecordIo.UNLISTED,
            "record at byte %d is not in %s".formatted(offset, index.name()));
      }
      return image;
    }
    if (index != null && stop == file.size() && index.peek() != null) {
      throw RecordIo.cutOff(file, index.name(), index.peek());
    }
    return null;
  }

  /** The key of the record at a place; -1 if the index has none. */
  private long key(long offset) {
    if (index == null) {
      return number;
    }
    RecordIndex.Entry entry = index.peek();
    if (entry == null || entry.offset() > offset) {
      return -1;
    }
    if (entry.offset() < offset) {
      throw lies(entry.offset(), offset);
    }
    index.advance();
    return entry.key();
  }

  /** Where the next record must begin at the latest: only an index knows. */
  private long following(long offset) {
    return index == null || index.peek() == null || index.peek().offset() <= offset
        ? Long.MAX_VALUE
        : index.peek().offset();
  }

  /** Where to go on behind damage. */
  private long resumed(long from) {
    long following = following(from - 4);
    return following < Long.MAX_VALUE ? following : heads.firstAfter(from);
  }

  private RecordIo.Image image(long key, long offset, RecordHeads.Head head) {
    int labels = file.word(offset + 8);
    int beforePayload = RecordHeads.HEADER + 4 * labels;
    byte[] start = heads.content(offset, head, 0, beforePayload);
    ByteBuffer in = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = {in.getFloat(4)};
    if (labels > 0) {
      values = new float[labels];
      in.position(RecordHeads.HEADER);
      in.asFloatBuffer().get(values);
    }
    return new RecordIo.Image(
        key, offset, values, heads.content(offset, head, beforePayload, maximumPayload));
  }

  private static RecordIo.Refused damaged(long key, long offset, String why) {
    return new RecordIo.Refused(
        key,
        offset,
        RecordIo.DAMAGED,
        "record %sat byte %d %s".formatted(key < 0 ? "" : key + " ", offset, why));
  }

  private DataException lies(long listed, long offset) {
    return new DataException(
        "%s lists a record at byte %d, which is inside the one at byte %d of %s; fetch both again, or delete it to read without an index"
            .formatted(index.name(), listed, offset, file.name()));
  }

  @Override
  public void close() {
    if (index != null) {
      index.close();
    }
    file.close();
  }
}

package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * InsightFace's training sets: MXNet's RecordIO ({@code train.rec}), with an index ({@code
 * train.idx}: key, tab, byte offset) or without one.
 *
 * <p>A file is read in ranges of bytes, each by itself: a {@link RecordIoReader} gives the records
 * that begin in its range, so that any division of a file gives every record once.
 *
 * <p>Records without a payload whose labels are a range are no images: record 0 (the first key
 * behind the images, the end of the identity records) and those of identities (first and last key
 * of its images).
 */
public final class RecordIo {
  /** Reason of bytes that are no whole record. */
  public static final String DAMAGED = "damaged-record";

  /** Reason of an image that the index of its file does not list. */
  public static final String UNLISTED = "not-in-index";

  /** Bytes at the end of a file that are looked at to find out whether it is whole. */
  private static final long END = 4 << 20;

  private RecordIo() {}

  /** What stands somewhere in a file. */
  public sealed interface Entry {
    /** In the index; without one the number of records before it; -1 if unknown. */
    long key();

    /** Of its first byte. */
    long offset();
  }

  /**
   * One image.
   *
   * @param labels at least one, the identity first
   * @param payload the encoded image
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Image(long key, long offset, float[] labels, byte[] payload) implements Entry {
    /** The identity: labels are stored as floating point and mean whole numbers. */
    public Optional<Long> identity() {
      float label = labels[0];
      return label == Math.rint(label) && !Float.isInfinite(label)
          ? Optional.of((long) label)
          : Optional.empty();
    }
  }

  /**
   * Bytes that are no image one could use.
   *
   * @param reason {@link #DAMAGED} or {@link #UNLISTED}
   * @param detail for people
   */
  public record Refused(long key, long offset, String reason, String detail) implements Entry {}

  /** The {@code .idx} file beside a {@code .rec} file, by path or URI. */
  public static String index(String rec) {
    return (rec.endsWith(".rec") ? rec.substring(0, rec.length() - 4) : rec) + ".idx";
  }

  /**
   * All images of a file on this machine, by their order in it; its index is used if it is there.
   *
   * @throws DataException if a file is missing or anything in it is damaged
   */
  public static void read(Path rec, Consumer<Image> images) {
    Path idx = Path.of(index(rec.toString()));
    boolean listed = java.nio.file.Files.exists(idx);
    try (RecordIoReader reader =
        new RecordIoReader(
            open(rec),
            listed ? Optional.of(open(idx)) : Optional.empty(),
            RecordIoReader.Range.WHOLE,
            Integer.MAX_VALUE)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry instanceof Refused refused) {
          throw new DataException("%s %s; fetch the set again".formatted(rec, refused.detail()));
        }
        images.accept((Image) entry);
      }
    }
  }

  /**
   * Looks at the beginning and the end of a file.
   *
   * @param idx its index, if there is one
   * @return about how many records there are in a mebibyte
   * @throws DataException if it is no RecordIO file, ends inside a record, or ends before the last
   *     record that the index lists
   */
  public static double check(File rec, Optional<File> idx) {
    ChannelWindow file = new ChannelWindow(rec.name(), rec.channel());
    RecordHeads heads = new RecordHeads(file);
    heads.requireRecordIo();
    long size = heads.size();
    if (idx.isPresent()) {
      RecordIndex.Entry last = new RecordIndex(idx.get().name(), idx.get().channel()).last();
      if (last.offset() >= size) {
        throw cutOff(file, idx.get().name(), last);
      }
    }
    long begin = heads.firstAfter(Math.max(0, (size - END) / 4 * 4));
    long records = 0;
    for (long position = begin; position < size; records++) {
      RecordHeads.Head head = heads.at(position);
      long next = head.fault().isEmpty() ? head.end() : heads.firstAfter(position + 4);
      if (head.end() > size && next == size) {
        throw new DataException(
            "%s is cut off: the record at byte %d %s; fetch the set again"
                .formatted(rec.name(), position, head.fault().get()));
      }
      position = next;
    }
    return records / Math.max(1.0, size - begin) * (1 << 20);
  }

  /** A file that its index is ahead of. */
  static DataException cutOff(ChannelWindow rec, String idx, RecordIndex.Entry listed) {
    return new DataException(
        "%s is cut off: it ends at byte %d, but %s lists a record at byte %d; fetch the set again"
            .formatted(rec.name(), rec.size(), idx, listed.offset()));
  }

  /**
   * A file that is open.
   *
   * @param name for messages
   */
  public record File(String name, SeekableByteChannel channel) {}

  private static File open(Path file) {
    try {
      return new File(file.toString(), java.nio.file.Files.newByteChannel(file));
    } catch (NoSuchFileException e) {
      throw new DataException(file + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + Files.why(e), e);
    }
  }
}

package io.facet.models.format;

import io.facet.models.DataException;
import java.util.Optional;

/**
 * Finds records in a RecordIO file: the magic word, a word of kind (upper three bits: 0 whole, 1
 * first part, 2 middle, 3 last) and length (29 bits), and as many bytes, filled up to a multiple of
 * four. Where a payload holds the magic word at a multiple of four bytes, MXNet's writer cuts it
 * out and begins a new part; other writers may leave it in.
 */
final class RecordHeads {
  static final int MAGIC = 0xCED7230A;

  /** Bytes of what stands before a payload: number of labels, label and two identifiers. */
  static final int HEADER = 24;

  private static final int WORDS = 8;
  private static final int MOST_LABELS = 1 << 20;
  private static final int LENGTH = (1 << 29) - 1;

  private final ChannelWindow file;

  RecordHeads(ChannelWindow file) {
    this.file = file;
  }

  /**
   * What the words at one place say.
   *
   * @param end byte behind the record, the filling included
   * @param bytes of its content: header, labels and payload
   * @param fault why this is no record
   */
  record Head(long end, long bytes, Optional<String> fault) {}

  /** Bytes of the file. */
  long size() {
    return file.size();
  }

  /**
   * Looks at the beginning of the file.
   *
   * @throws DataException if that is no RecordIO file
   */
  void requireRecordIo() {
    if (size() < WORDS || file.word(0) != MAGIC) {
      Impostor.refuse(file.beginning(Impostor.BYTES), file.name());
      throw new DataException(
          "%s %s; it is no RecordIO file, or its beginning is damaged: fetch the set again"
              .formatted(file.name(), at(0).fault().orElse("is damaged")));
    }
  }

  /** The record that begins at a byte of the file. */
  Head at(long position) {
    long place = position;
    long bytes = 0;
    for (boolean first = true; ; first = false) {
      if (place + WORDS > file.size()) {
        return bad(place + WORDS, endsAt(place + WORDS));
      }
      int magic = file.word(place);
      if (magic != MAGIC) {
        return bad(
            place,
            first
                ? "begins with 0x%08x instead of the magic word".formatted(magic)
                : "has no further part at byte " + place);
      }
      int kind = file.word(place + 4) >>> 29;
      if (kind > 3) {
        return bad(place, "has a part of unknown kind " + kind);
      }
      if (first != (kind == 0 || kind == 1)) {
        return bad(place, "has parts in wrong order");
      }
      long length = file.word(place + 4) & LENGTH;
      bytes += length + (first ? 0 : Integer.BYTES);
      long end = place + WORDS + (length + 3) / 4 * 4;
      if (end > file.size()) {
        return bad(end, endsAt(end));
      }
      if (kind == 0 || kind == 3) {
        return headed(position, end, bytes);
      }
      place = end;
    }
  }

  /** A record whose first part holds a header that can be true. */
  private Head headed(long position, long end, long bytes) {
    if ((file.word(position + 4) & LENGTH) < HEADER) {
      return bad(end, "has %d bytes, fewer than its header".formatted(bytes));
    }
    int labels = file.word(position + WORDS);
    if (labels < 0 || labels > Math.min(MOST_LABELS, (bytes - HEADER) / 4)) {
      return bad(end, "announces %d labels in %d bytes".formatted(labels, bytes - HEADER));
    }
    return new Head(end, bytes, Optional.empty());
  }

  private String endsAt(long end) {
    return "ends at byte %d of a file of %d".formatted(end, file.size());
  }

  private static Head bad(long end, String fault) {
    return new Head(end, 0, Optional.of(fault));
  }

  /**
   * The first record that begins at this byte or behind it, or the end of the file. Bytes of a
   * payload may look like the beginning of a record: what follows it must be one too, or the end.
   */
  long firstAfter(long position) {
    if (position == 0) {
      return 0;
    }
    for (long place = (position + 3) / 4 * 4; place + WORDS <= file.size(); place += 4) {
      if (file.word(place) == MAGIC) {
        Head head = at(place);
        if (head.fault().isEmpty()
            && (head.end() == file.size() || at(head.end()).fault().isEmpty())) {
          return place;
        }
      }
    }
    return file.size();
  }

  /**
   * Some of the content of a whole record: its parts joined by the magic words that parted them.
   *
   * @param from first byte of it
   * @param most bytes that are wanted
   */
  byte[] content(long position, Head head, int from, int most) {
    int asked = (int) Math.min(head.bytes() - from, most);
    if (head.bytes() == (file.word(position + 4) & LENGTH)) {
      return file.bytes(position + WORDS + from, asked); // of one part, as nearly all are
    }
    byte[] content = new byte[asked];
    long place = position;
    long passed = 0;
    while (true) {
      int length = file.word(place + 4) & LENGTH;
      long skipped = Math.min(length, Math.max(0, from - passed));
      int filled = (int) Math.max(0, passed - from);
      int wanted = (int) Math.min(length - skipped, content.length - filled);
      file.copy(place + WORDS + skipped, content, filled, wanted);
      passed += length;
      if (passed >= (long) from + content.length) {
        return content;
      }
      for (int i = 0; i < Integer.BYTES; i++, passed++) {
        if (passed >= from && passed < (long) from + content.length) {
          content[(int) (passed - from)] = (byte) (MAGIC >>> (8 * i));
        }
      }
      if (passed >= (long) from + content.length) {
        return content;
      }
      place += WORDS + (length + 3L) / 4 * 4;
    }
  }
}

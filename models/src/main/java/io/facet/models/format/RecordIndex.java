package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * The index of a RecordIO file ({@code train.idx}: key, tab, byte offset, ascending offsets), from
 * any offset on. It is never held whole: a line is found by halving the file.
 */
final class RecordIndex implements AutoCloseable {
  private static final int LONGEST_LINE = 64;

  private final ChannelWindow file;
  private long line;
  private Entry next;

  /**
   * One line.
   *
   * @param key of a record
   * @param offset of its first byte
   */
  record Entry(long key, long offset) {}

  /**
   * Begins at the first line. A channel of something else is left open.
   *
   * @throws DataException if the file is something else or lists nothing
   */
  RecordIndex(String name, SeekableByteChannel channel) {
    file = new ChannelWindow(name, channel);
    Impostor.refuse(file.beginning(Impostor.BYTES), name);
    seek(0);
    if (next == null) {
      throw new DataException(
          name + " lists no record; fetch the set again, or delete it to read without an index");
    }
  }

  String name() {
    return file.name();
  }

  /** The line that comes next; null behind the last one. */
  Entry peek() {
    return next;
  }

  /** Goes on to the line after it. */
  void advance() {
    read(line);
  }

  /** Goes to the first line of an offset that is not below this one. */
  void seek(long offset) {
    long low = 0;
    long high = file.size();
    while (low < high) {
      long middle = low + (high - low) / 2;
      read(lineAtOrAfter(middle));
      if (next == null || next.offset() >= offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    read(lineAtOrAfter(low));
  }

  /** The last line. */
  Entry last() {
    long position = file.size();
    do {
      position = Math.max(0, position - LONGEST_LINE);
      read(lineAtOrAfter(position));
    } while (next == null && position > 0);
    Entry last = next;
    while (next != null) {
      last = next;
      advance();
    }
    return last;
  }

  private long lineAtOrAfter(long position) {
    if (position == 0) {
      return 0;
    }
    for (long i = position - 1; i < file.size(); i++) {
      if (file.at(i) == '\n') {
        return i + 1;
      }
    }
    return file.size();
  }

  /** Reads the first line that is not blank. */
  private void read(long from) {
    line = from;
    next = null;
    while (next == null && line < file.size()) {
      long begin = line;
      if (skipBlanks(begin) != '\n') {
        long key = number(begin);
        skipBlanks(begin);
        next = new Entry(key, number(begin));
        if (skipBlanks(begin) != '\n') {
          throw malformed(begin);
        }
      }
      line++;
    }
  }

  /** Goes to what is no space and gives it; the end of the file is the end of its line. */
  private int skipBlanks(long begin) {
    int letter = letter();
    while (letter != '\n' && letter <= ' ') {
      step(begin);
      letter = letter();
    }
    return letter;
  }

  /** Reads a number that spaces or the end of the line follow. */
  private long number(long begin) {
    long number = 0;
    int letter = letter();
    do {
      int digit = letter - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        throw malformed(begin);
      }
      number = 10 * number + digit;
      step(begin);
      letter = letter();
    } while (letter > ' ');
    return number;
  }

  private int letter() {
    return line < file.size() ? file.at(line) : '\n';
  }

  private void step(long begin) {
    if (++line - begin > LONGEST_LINE) {
      throw malformed(begin);
    }
  }

  private DataException malformed(long position) {
    byte[] shown = file.bytes(position, (int) Math.min(16, file.size() - position));
    return new DataException(
        "%s: the line at byte %d must hold a key and an offset, begins with '%s'; fetch the set again, or delete it to read without an index"
            .formatted(
                file.name(),
                position,
                new String(shown, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]+", " ").strip()));
  }

  @Override
  public void close() {
    file.close();
  }
}

package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;

/**
 * Bytes of a file at any place, read in windows: what lies close together costs one read. Not safe
 * for several threads.
 */
final class ChannelWindow implements AutoCloseable {
  private static final int WINDOW = 1 << 18;

  private final String name;
  private final SeekableByteChannel channel;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
  private long start;

  /**
   * Over a channel, which is closed with it.
   *
   * @param name of the file, for messages
   */
  ChannelWindow(String name, SeekableByteChannel channel) {
    this.name = name;
    this.channel = channel;
    window.limit(0);
    try {
      size = channel.size();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  String name() {
    return name;
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  /** One byte, 0..255. */
  int at(long position) {
    fill(position, 1);
    return window.get((int) (position - start)) & 0xff;
  }

  /** Four bytes, the lowest first. */
  int word(long position) {
    fill(position, Integer.BYTES);
    return window.getInt((int) (position - start));
  }

  /** Four bytes as a number. */
  float number(long position) {
    return Float.intBitsToFloat(word(position));
  }

  /** Copies bytes out of the file. */
  void copy(long position, byte[] into, int offset, int length) {
    if (length <= WINDOW) {
      fill(position, length);
      window.get((int) (position - start), into, offset, length);
    } else {
      read(position, ByteBuffer.wrap(into, offset, length));
    }
  }

  /** The first bytes, all if there are no more. */
  byte[] beginning(int most) {
    byte[] bytes = new byte[(int) Math.min(most, size)];
    copy(0, bytes, 0, bytes.length);
    return bytes;
  }

  private void fill(long position, int length) {
    if (position >= start && position + length <= start + window.limit()) {
      return;
    }
    window.clear().limit((int) Math.min(WINDOW, size - position));
    start = position;
    read(position, window);
    window.flip();
  }

  private void read(long position, ByteBuffer into) {
    try {
      channel.position(position);
      while (into.hasRemaining()) {
        if (channel.read(into) < 0) {
          throw new DataException("%s became shorter while it was read; run again".formatted(name));
        }
      }
    } catch (IOException e) {
      window.limit(0);
      throw unreadable(e);
    }
  }

  private DataException unreadable(IOException e) {
    return new DataException(name + " cannot be read: " + Files.why(e), e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException(name + " cannot be closed: " + Files.why(e), e);
    }
  }
}

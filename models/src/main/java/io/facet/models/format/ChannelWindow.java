package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/**
 * Bytes of a file at any place, read in windows: what lies close together costs one read. Not safe
 * for several threads.
 */
final class ChannelWindow implements AutoCloseable {
  private static final int WINDOW = 1 << 18;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final SeekableByteChannel channel;
  private final long size;
  private final byte[] window = new byte[WINDOW];
  private long start;
  private int filled;

  /**
   * Over a channel, which is closed with it.
   *
   * @param name of the file, for messages
   */
  ChannelWindow(String name, SeekableByteChannel channel) {
    this.name = name;
    this.channel = channel;
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
    return window[(int) (position - start)] & 0xff;
  }

  /** Four bytes, the lowest first. */
  int word(long position) {
    fill(position, Integer.BYTES);
    return (int) WORD.get(window, (int) (position - start));
  }

  /** Four bytes as a number. */
  float number(long position) {
    return Float.intBitsToFloat(word(position));
  }

  /** Copies bytes out of the file. */
  void copy(long position, byte[] into, int offset, int length) {
    if (length <= WINDOW) {
      fill(position, length);
      System.arraycopy(window, (int) (position - start), into, offset, length);
    } else {
      read(position, ByteBuffer.wrap(into, offset, length));
    }
  }

  /** A copy of bytes of the file. */
  byte[] bytes(long position, int length) {
    if (length <= WINDOW) {
      fill(position, length);
      int from = (int) (position - start);
      return Arrays.copyOfRange(window, from, from + length); // an array not filled with 0 before
    }
    byte[] bytes = new byte[length];
    read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The first bytes, all if there are no more. */
  byte[] beginning(int most) {
    return bytes(0, (int) Math.min(most, size));
  }

  private void fill(long position, int length) {
    if (position >= start && position + length <= start + filled) {
      return;
    }
    filled = 0;
    start = position;
    int held = (int) Math.min(WINDOW, size - position);
    read(position, ByteBuffer.wrap(window, 0, held));
    filled = held;
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

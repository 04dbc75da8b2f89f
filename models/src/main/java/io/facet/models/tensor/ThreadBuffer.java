package io.facet.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Memory outside the Java heap for one purpose, used again and again by each thread. A new buffer
 * for each batch would stay until the collector looks at old objects, gigabytes later.
 */
public final class ThreadBuffer {
  private final ThreadLocal<ByteBuffer> own =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

  /** This thread's buffer from 0 to that many bytes, with what was left in it; native order. */
  public ByteBuffer bytes(int count) {
    if (own.get().capacity() < count) {
      own.set(ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder()));
    }
    return own.get().clear().limit(count);
  }

  /** The same as floats. */
  public FloatBuffer floats(int count) {
    return bytes(Math.multiplyExact(count, Float.BYTES)).asFloatBuffer();
  }
}

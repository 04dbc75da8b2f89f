package io.facet.models.train.teacher;

import io.facet.models.DataException;
import io.facet.models.tensor.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How the numbers of cached teacher outputs are kept. */
public enum FeatureType {
  /** As they are. */
  FLOAT32(Float.BYTES) {
    @Override
    void put(ByteBuffer to, float[] values) {
      to.asFloatBuffer().put(values);
    }

    @Override
    void get(ByteBuffer kept, float[] target, int from, int count) {
      kept.asFloatBuffer().get(target, from, count);
    }
  },
  /** Rounded to {@link HalfFloat}. */
  FLOAT16(Short.BYTES) {
    @Override
    void put(ByteBuffer to, float[] values) {
      for (float value : values) {
        to.putShort(HalfFloat.of(value));
      }
    }

    @Override
    void get(ByteBuffer kept, float[] target, int from, int count) {
      for (int i = 0; i < count; i++) {
        target[from + i] = HalfFloat.toFloat(kept.getShort());
      }
    }
  };

  private final int bytes;

  FeatureType(int bytes) {
    this.bytes = bytes;
  }

  abstract void put(ByteBuffer to, float[] values);

  abstract void get(ByteBuffer kept, float[] target, int from, int count);

  /** Of one number. */
  public int bytes() {
    return bytes;
  }

  /**
   * The type of so many numbers that take so many bytes.
   *
   * @throws DataException if it is none
   */
  public static FeatureType of(long size, long numbers) {
    for (FeatureType type : values()) {
      if (size == type.bytes * numbers) {
        return type;
      }
    }
    throw new DataException(
        "teacher features: %d bytes are not %d numbers; run the teacher stage again"
            .formatted(size, numbers));
  }

  /** Numbers as they are kept, little-endian. */
  public byte[] encode(float[] values) {
    byte[] kept = new byte[bytes * values.length];
    put(ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN), values);
    return kept;
  }

  /**
   * Writes the numbers that were kept into an array.
   *
   * @param from where in the array they begin
   */
  public void decode(byte[] kept, float[] target, int from) {
    get(ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN), target, from, kept.length / bytes);
  }
}

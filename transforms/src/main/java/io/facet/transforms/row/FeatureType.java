package io.facet.transforms.row;

import io.facet.models.tensor.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How the numbers of cached teacher outputs are kept. */
public enum FeatureType {
  /** As they are. */
  FLOAT32(Float.BYTES) {
    @Override
    void put(ByteBuffer to, float value) {
      to.putFloat(value);
    }

    @Override
    float get(ByteBuffer from) {
      return from.getFloat();
    }
  },
  /** Rounded to {@link HalfFloat}. */
  FLOAT16(Short.BYTES) {
    @Override
    void put(ByteBuffer to, float value) {
      to.putShort(HalfFloat.of(value));
    }

    @Override
    float get(ByteBuffer from) {
      return HalfFloat.toFloat(from.getShort());
    }
  };

  private final int bytes;

  FeatureType(int bytes) {
    this.bytes = bytes;
  }

  abstract void put(ByteBuffer to, float value);

  abstract float get(ByteBuffer from);

  /** Of one number. */
  public int bytes() {
    return bytes;
  }

  /** Numbers as they are kept, little-endian. */
  byte[] encode(float[] values) {
    ByteBuffer encoded = ByteBuffer.allocate(bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      put(encoded, value);
    }
    return encoded.array();
  }

  /** The numbers that were kept. */
  float[] decode(byte[] encoded) {
    ByteBuffer from = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[encoded.length / bytes];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(from);
    }
    return values;
  }
}

package io.facet.models.tensor;

/** Numbers of 16 bits (IEEE 754 binary16: 11 bits of precision, up to 65,504). */
public final class HalfFloat {
  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7C00;

  /** What float32 has of exponent and fraction more than binary16. */
  private static final int DROPPED = 13;

  /** Between the exponents' biases, in place. */
  private static final int REBIAS = (127 - 15) << 23;

  /** Of the smallest normal number, 2^-14, as float32. */
  private static final int SMALLEST_NORMAL = 113 << 23;

  private HalfFloat() {}

  /** The nearest number of 16 bits, of two equally near the even one; infinite from 65,520 on. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & SIGN;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) {
      return (short) (sign | INFINITY | 0x200);
    }
    if (magnitude < SMALLEST_NORMAL) { // a multiple of 2^-24: adding 0.5 rounds to one
      int rounded = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f);
      return (short) (sign | rounded - Float.floatToRawIntBits(0.5f));
    }
    int even = magnitude >>> DROPPED & 1;
    int rounded = (magnitude - REBIAS + (1 << DROPPED - 1) - 1 + even) >>> DROPPED;
    return (short) (sign | Math.min(rounded, INFINITY));
  }

  /** The same number as float32. */
  public static float toFloat(short half) {
    int magnitude = half & 0x7FFF;
    int sign = (half & SIGN) << 16;
    if (magnitude < 0x400) {
      float value = magnitude * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int bits = magnitude << DROPPED;
    bits += magnitude < INFINITY ? REBIAS : 0x7F800000 - (INFINITY << DROPPED);
    return Float.intBitsToFloat(sign | bits);
  }
}

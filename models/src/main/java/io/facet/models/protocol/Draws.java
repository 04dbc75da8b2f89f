package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Random whole numbers: those of {@link java.util.SplittableRandom#nextInt(int)} from the same
 * seed, bit for bit, but many at once, and without a division for each. The quotient is found by
 * multiplying with the inverse (Granlund and Montgomery 1994, Division by invariant integers),
 * which is exact here.
 */
final class Draws {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  Draws(long seed) {
    state = seed;
  }

  /**
   * The next number.
   *
   * @param bound what it is below, at least 1
   */
  int below(int bound) {
    int bits = mix(state += GAMMA);
    if ((bound & (bound - 1)) == 0) {
      return bits & (bound - 1);
    }
    int number = bits >>> 1;
    while (number > wholeRows(bound)) {
      number = mix(state += GAMMA) >>> 1;
    }
    return number % bound;
  }

  /**
   * Draws as many numbers as there are, with replacement.
   *
   * @param count of numbers
   * @param counts receives how often each was drawn, in its first {@code count} places
   */
  void resample(int count, int[] counts) {
    Arrays.fill(counts, 0, count, 0);
    if ((count & (count - 1)) == 0) {
      for (int i = 0; i < count; i++) {
        counts[below(count)]++;
      }
      return;
    }
    int most = wholeRows(count);
    long inverse = Long.MAX_VALUE / count + 1; // 2^63 / count, rounded up
    long next = state;
    for (int i = 0; i < count; i++) {
      int number = mix(next += GAMMA) >>> 1;
      while (number > most) {
        number = mix(next += GAMMA) >>> 1;
      }
      counts[number - count * (int) Math.multiplyHigh(inverse, (long) number << 1)]++;
    }
    state = next;
  }

  /** The highest number of 31 bits up to which all remainders are equally frequent. */
  private static int wholeRows(int bound) {
    return (int) ((1L << 31) / bound * bound - 1);
  }

  private static int mix(long bits) {
    long once = (bits ^ (bits >>> 33)) * 0x62a9d9ed799705f5L;
    return (int) (((once ^ (once >>> 28)) * 0xcb24d0a5c88c35b3L) >>> 32);
  }
}

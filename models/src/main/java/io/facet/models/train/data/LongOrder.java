package io.facet.models.train.data;

import java.util.stream.IntStream;

/** Sorts positions by keys without an object for each: training sets have millions. */
public final class LongOrder {
  private static final int DIGIT = 16;
  private static final int DIGITS = Long.SIZE / DIGIT;

  private LongOrder() {}

  /** Positions in ascending order of their keys, signed; equal keys keep their order. */
  public static int[] ascending(long[] keys) {
    int[] order = IntStream.range(0, keys.length).toArray();
    int[] next = new int[keys.length];
    for (int digit = 0; digit < DIGITS; digit++) {
      int shift = DIGIT * digit;
      int[] starts = new int[(1 << DIGIT) + 1];
      for (long key : keys) {
        starts[value(key, shift) + 1]++;
      }
      for (int i = 1; i < starts.length; i++) {
        starts[i] += starts[i - 1];
      }
      for (int position : order) {
        next[starts[value(keys[position], shift)]++] = position;
      }
      int[] sorted = next;
      next = order;
      order = sorted;
    }
    return order;
  }

  /** One digit of a key whose sign bit is turned, so that negative keys come first. */
  private static int value(long key, int shift) {
    return (int) ((key ^ Long.MIN_VALUE) >>> shift) & ((1 << DIGIT) - 1);
  }
}

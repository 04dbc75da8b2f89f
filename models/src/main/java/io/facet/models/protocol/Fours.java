package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Arithmetic on numbers from 0 to 65,535, four in each long, the first in the lowest bits: four
 * additions at once, and more where the compiler finds vector instructions. Nobody looks whether a
 * result has more than 16 bits.
 */
final class Fours {
  /** How many a long holds. */
  static final int LANES = 4;

  static final int HIGHEST = 0xffff;

  private static final int BITS = 16;

  private Fours() {}

  /** Longs that hold so many numbers. */
  static int length(int numbers) {
    return (numbers + LANES - 1) / LANES;
  }

  /** Four numbers. */
  static long of(int first, int second, int third, int fourth) {
    return first | (long) second << BITS | (long) third << 2 * BITS | (long) fourth << 3 * BITS;
  }

  /** Number by number. */
  static void multiply(long[] one, long[] other, long[] products) {
    for (int i = 0; i < products.length; i++) {
      long a = one[i];
      long b = other[i];
      products[i] =
          (a & HIGHEST) * (b & HIGHEST)
              | (a >>> BITS & HIGHEST) * (b >>> BITS & HIGHEST) << BITS
              | (a >>> 2 * BITS & HIGHEST) * (b >>> 2 * BITS & HIGHEST) << 2 * BITS
              | (a >>> 3 * BITS) * (b >>> 3 * BITS) << 3 * BITS;
    }
  }

  /**
   * Adds rows.
   *
   * @param all rows, as long as the sums
   * @param rows places of those that are added
   * @param atOnce how many can be added before a sum needs more than 16 bits
   * @param sums receives one sum a number
   */
  static void sum(long[][] all, int[] rows, int atOnce, double[] sums) {
    Arrays.fill(sums, 0);
    long[] part = new long[length(sums.length)];
    for (int first = 0; first < rows.length; first += atOnce) {
      int end = Math.min(rows.length, first + atOnce);
      Arrays.fill(part, 0);
      int i = first;
      for (; i + 3 < end; i += 4) {
        add(part, all[rows[i]], all[rows[i + 1]], all[rows[i + 2]], all[rows[i + 3]]);
      }
      for (; i < end; i++) {
        add(part, all[rows[i]]);
      }
      for (int number = 0; number < sums.length; number++) {
        sums[number] += (int) (part[number / LANES] >>> number % LANES * BITS) & HIGHEST;
      }
    }
  }

  private static void add(long[] sum, long[] one) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one[i];
    }
  }

  private static void add(long[] sum, long[] one, long[] two, long[] three, long[] four) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one[i] + two[i] + (three[i] + four[i]);
    }
  }
}

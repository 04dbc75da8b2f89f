package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Whole numbers, each once, and the place at which each was added: a lookup takes a few
 * nanoseconds, however many there are. Not safe for several threads while numbers are added.
 */
public final class IntPlaces {
  /** Spreads near numbers over the table: 2^32 divided by the golden ratio. */
  private static final int SPREAD = 0x9E3779B9;

  private int[] numbers = new int[16];
  private int size;

  /** A place plus one where there is a number; twice as long as needed, a power of two. */
  private int[] table = new int[32];

  /** Numbers by rising place; repeated ones count once. */
  public static IntPlaces of(int[] numbers) {
    IntPlaces places = new IntPlaces();
    for (int number : numbers) {
      places.add(number);
    }
    return places;
  }

  /** The place of a number, which is added behind all others if it is new. */
  public int add(int number) {
    int slot = slot(number);
    if (table[slot] != 0) {
      return table[slot] - 1;
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
      table = new int[4 * size];
      for (int place = 0; place < size; place++) {
        table[slot(numbers[place])] = place + 1;
      }
      slot = slot(number);
    }
    numbers[size] = number;
    table[slot] = ++size;
    return size - 1;
  }

  /** The place of a number; -1 if it was not added. */
  public int place(int number) {
    return table[slot(number)] - 1;
  }

  /** The number at a place. */
  public int number(int place) {
    return numbers[place];
  }

  /** How many numbers there are. */
  public int size() {
    return size;
  }

  /** Where a number is, or the free slot where it belongs. */
  private int slot(int number) {
    int slot = (number * SPREAD) >>> Integer.numberOfLeadingZeros(table.length - 1);
    while (table[slot] != 0 && numbers[table[slot] - 1] != number) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }
}

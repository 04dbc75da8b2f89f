package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Which pairs of images show the same two persons.
 *
 * @param numbers of the two persons of each pair, from 0, alike for all their pairs; {@link #NONE}
 *     if it shows one person
 * @param count of numbers
 */
@SuppressWarnings("ArrayRecordComponent")
record PersonPairs(int[] numbers, int count) {
  /** Of a pair that shows one person. */
  static final int NONE = -1;

  /**
   * Numbers pairs: sorted by the lower person, counted by the higher one.
   *
   * @param left number of the person on each first image, from 0
   * @param right number of the person on each second image
   * @param identities how many persons there are
   */
  static PersonPairs of(int[] left, int[] right, int identities) {
    int[] cell = new int[left.length];
    int[] starts = new int[identities + 1];
    for (int i = 0; i < left.length; i++) {
      starts[Math.min(left[i], right[i]) + 1]++;
    }
    for (int k = 0; k < identities; k++) {
      starts[k + 1] += starts[k];
    }
    int[] order = new int[left.length];
    int[] next = starts.clone();
    for (int i = 0; i < left.length; i++) {
      order[next[Math.min(left[i], right[i])]++] = i;
    }
    int[] known = new int[identities];
    Arrays.fill(known, NONE);
    int count = 0;
    for (int k = 0; k < identities; k++) {
      int firstOfPerson = count;
      for (int place = starts[k]; place < starts[k + 1]; place++) {
        int pair = order[place];
        int other = Math.max(left[pair], right[pair]);
        if (other == k) {
          cell[pair] = NONE;
        } else {
          if (known[other] < firstOfPerson) {
            known[other] = count++;
          }
          cell[pair] = known[other];
        }
      }
    }
    return new PersonPairs(cell, count);
  }
}

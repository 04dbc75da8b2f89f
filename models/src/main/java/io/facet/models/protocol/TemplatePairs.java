package io.facet.models.protocol;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Pairs of templates, column by column: nine bytes a pair.
 *
 * @param left template of each pair
 * @param right the other template
 * @param same whether both show one person
 */
@SuppressWarnings("ArrayRecordComponent")
public record TemplatePairs(int[] left, int[] right, boolean[] same) {
  /** A place of a template takes so many bits. */
  private static final int PLACE_BITS = 31;

  /** Templates in a group of near ones: 128, of 512 numbers each a quarter of a megabyte. */
  private static final int NEAR_BITS = 7;

  private static final int NEAR = (1 << NEAR_BITS) - 1;

  /** Columns of one length. */
  public TemplatePairs {
    if (left.length != right.length || left.length != same.length) {
      throw new IllegalArgumentException(
          "columns of unequal length: %d, %d and %d"
              .formatted(left.length, right.length, same.length));
    }
  }

  /** Number of pairs. */
  public int size() {
    return left.length;
  }

  /**
   * The same pairs with those of near templates together: by hundreds of left templates, in these
   * by right template. Who goes through them needs few features at a time, which stay in the
   * processor's cache; in the order of their list the 15.7 million pairs of IJB-C read 64 GB of
   * features from memory.
   */
  public TemplatePairs gathered() {
    IntPlaces templates = rising();
    long[] keys = new long[size()];
    for (int i = 0; i < keys.length; i++) {
      long one = templates.place(left[i]);
      long other = templates.place(right[i]);
      keys[i] =
          one >> NEAR_BITS << NEAR_BITS + PLACE_BITS + 1
              | other << NEAR_BITS + 1
              | (one & NEAR) << 1
              | (same[i] ? 1 : 0);
    }
    Arrays.sort(keys);
    int[] first = new int[keys.length];
    int[] second = new int[keys.length];
    boolean[] onePerson = new boolean[keys.length];
    for (int i = 0; i < keys.length; i++) {
      long tile = keys[i] >> NEAR_BITS + PLACE_BITS + 1;
      first[i] = templates.number((int) (tile << NEAR_BITS | keys[i] >> 1 & NEAR));
      second[i] = templates.number((int) (keys[i] >> NEAR_BITS + 1 & Integer.MAX_VALUE));
      onePerson[i] = (keys[i] & 1) == 1;
    }
    return new TemplatePairs(first, second, onePerson);
  }

  /** All templates by rising number. */
  private IntPlaces rising() {
    IntPlaces met = new IntPlaces();
    for (int i = 0; i < left.length; i++) {
      met.add(left[i]);
      met.add(right[i]);
    }
    return IntPlaces.of(IntStream.range(0, met.size()).map(met::number).sorted().toArray());
  }

  /** Pairs that come one by one. */
  public static final class Builder {
    private int[] left = new int[1024];
    private int[] right = new int[1024];
    private boolean[] same = new boolean[1024];
    private int count;

    /** The next pair. */
    public void add(int first, int second, boolean onePerson) {
      if (count == left.length) {
        int larger = count + (count >> 1);
        left = Arrays.copyOf(left, larger);
        right = Arrays.copyOf(right, larger);
        same = Arrays.copyOf(same, larger);
      }
      left[count] = first;
      right[count] = second;
      same[count++] = onePerson;
    }

    /** All of them. */
    public TemplatePairs build() {
      return new TemplatePairs(
          Arrays.copyOf(left, count), Arrays.copyOf(right, count), Arrays.copyOf(same, count));
    }
  }
}

package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Pairs of templates, column by column: nine bytes a pair.
 *
 * @param left template of each pair
 * @param right the other template
 * @param same whether both show one person
 */
@SuppressWarnings("ArrayRecordComponent")
public record TemplatePairs(int[] left, int[] right, boolean[] same) {
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

package io.facet.transforms.row;

import io.facet.models.protocol.TemplatePairs;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Table {@code template-pairs}: a block of comparisons of templates, column by column.
 *
 * @param set name of the verification set
 * @param first position of its first pair among all pairs of the set, from 0
 * @param left template of each pair
 * @param right the other template
 * @param same 1 for each pair that shows one person, else 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record TemplatePairsRow(String set, int first, int[] left, int[] right, byte[] same)
    implements Serializable {
  /** Pairs of a block; the last one of a list may have less. */
  public static final int SIZE = 1 << 16;

  /** All pairs of a set as blocks, {@link TemplatePairs#gathered gathered}. */
  public static List<TemplatePairsRow> of(String set, TemplatePairs listed) {
    TemplatePairs pairs = listed.gathered();
    List<TemplatePairsRow> blocks = new ArrayList<>();
    for (int first = 0; first < pairs.size(); first += SIZE) {
      int end = (int) Math.min(pairs.size(), (long) first + SIZE);
      byte[] same = new byte[end - first];
      for (int i = 0; i < same.length; i++) {
        same[i] = (byte) (pairs.same()[first + i] ? 1 : 0);
      }
      blocks.add(
          new TemplatePairsRow(
              set,
              first,
              Arrays.copyOfRange(pairs.left(), first, end),
              Arrays.copyOfRange(pairs.right(), first, end),
              same));
    }
    return blocks;
  }
}

package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.NewArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The pairs of a batch, each once, by whether the labels agree. A pair of samples i &lt; j stands
 * at place {@code i * B + j} of a flat {@code (B * B)} matrix.
 *
 * @param positives places of pairs of one identity, rising
 * @param negatives places of pairs of two identities, rising
 */
public record BatchPairs(int[] positives, int[] negatives) {
  /** All pairs. */
  public static BatchPairs of(long[] labels) {
    return new BatchPairs(select(labels, true), select(labels, false));
  }

  private static int[] select(long[] labels, boolean same) {
    int batch = labels.length;
    return IntStream.range(0, batch)
        .flatMap(
            i ->
                IntStream.range(i + 1, batch)
                    .filter(j -> (labels[i] == labels[j]) == same)
                    .map(j -> i * batch + j))
        .toArray();
  }

  /**
   * The places with the highest values, from the highest; of equal ones the first count.
   *
   * @param count how many at most
   */
  public static int[] mostSimilar(int[] places, float[] values, int count) {
    long[] keys = new long[places.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) falling(values[places[i]]) << 32 | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).limit(count).mapToInt(key -> places[(int) key]).toArray();
  }

  /** An integer that falls as the value rises. */
  private static int falling(float value) {
    int bits = Float.floatToIntBits(value);
    int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ~rising;
  }

  /** Places as an index where x is, int64. */
  public static NDArray places(NDArray x, int[] places) {
    return NewArray.of(x, Arrays.stream(places).asLongStream().toArray());
  }
}

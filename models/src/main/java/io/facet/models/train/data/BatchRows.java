package io.facet.models.train.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** The rows of a batch's crops, one after another for each name. */
public final class BatchRows {
  private final CropRows source;
  private final int count;
  private final Map<String, float[]> values = new LinkedHashMap<>();

  /**
   * Rows still to be {@link #read}.
   *
   * @param count crops of the batch
   * @param array makes an array of a length, with anything in it
   */
  public BatchRows(CropRows source, int count, IntFunction<float[]> array) {
    this.source = source;
    this.count = count;
    source
        .lengths()
        .forEach(
            (name, length) -> values.put(name, array.apply(Math.multiplyExact(count, length))));
  }

  /** Reads all rows of one crop; threads may read different crops. */
  public void read(int slot, int index, boolean mirrored) {
    values.forEach(
        (name, target) ->
            source.read(name, index, mirrored, target, slot * (target.length / count)));
  }

  /** Arrays by name: {@code (B, n)}, row-major. */
  public Map<String, float[]> values() {
    return values;
  }
}

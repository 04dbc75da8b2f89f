package io.facet.models.quantise;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.Quantisation.Range;
import io.facet.models.tensor.FakeQuantisation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ranges of a network's values: the mean over the batches so far, from the 50th a moving mean
 * {@code r + 0.02 (batch - r)}, until as many batches have come as the options say. A batch is
 * looked at by its first four images, which are enough and as quick.
 */
final class MovingRanges {
  private static final double SHARE = 0.02;
  private static final int IMAGES = 4;
  private static final String BATCHES = "batches";
  private static final String VALUE = "value/";

  private final QuantisationOptions options;
  private final Map<String, Range> ranges = new LinkedHashMap<>();
  private int batches;

  MovingRanges(QuantisationOptions options) {
    this.options = options;
  }

  /** Whether no batch has been seen, and so no range is known. */
  boolean isEmpty() {
    return batches == 0;
  }

  Range of(String value) {
    return ranges.get(value);
  }

  /** The range of a value after this batch. */
  Range follow(String value, NDArray numbers) {
    Range known = ranges.get(value);
    if (batches >= options.rangeBatches()) {
      return known;
    }
    float[] seen = FakeQuantisation.middle(numbers, IMAGES, options.percentile());
    double share = Math.max(SHARE, 1.0 / (batches + 1));
    Range moved =
        known == null
            ? new Range(seen[0], seen[1])
            : new Range(
                (float) (known.low() + share * (seen[0] - known.low())),
                (float) (known.high() + share * (seen[1] - known.high())));
    ranges.put(value, moved);
    return moved;
  }

  /** A batch has been followed in all values. */
  void endBatch() {
    batches = Math.min(batches + 1, options.rangeBatches());
  }

  /** Lower and upper limit of each value. */
  Map<String, float[]> limits() {
    Map<String, float[]> limits = new LinkedHashMap<>();
    ranges.forEach((value, range) -> limits.put(value, new float[] {range.low(), range.high()}));
    return limits;
  }

  Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    state.put(BATCHES, new double[] {batches});
    ranges.forEach(
        (value, range) -> state.put(VALUE + value, new double[] {range.low(), range.high()}));
    return state;
  }

  void restore(Map<String, double[]> state) {
    batches = (int) state.get(BATCHES)[0];
    ranges.clear();
    state.forEach(
        (name, limits) -> {
          if (name.startsWith(VALUE)) {
            ranges.put(
                name.substring(VALUE.length()), new Range((float) limits[0], (float) limits[1]));
          }
        });
  }
}

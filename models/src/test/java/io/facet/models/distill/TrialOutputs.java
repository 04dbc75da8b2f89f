package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * What one side of a trial gives: embeddings (name {@code ""}) and taps, a row a sample.
 *
 * @param rows by name, {@code (B, values of one sample)}
 */
record TrialOutputs(Map<String, float[][]> rows) {
  static TrialOutputs random(Map<String, Shape> shapes, int batch, long seed) {
    Random random = new Random(seed);
    Map<String, float[][]> all = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> all.put(name, rows(random, batch, (int) shape.size())));
    return new TrialOutputs(all);
  }

  static float[][] rows(Random random, int batch, int width) {
    float[][] rows = new float[batch][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  float[][] embedding() {
    return rows.get("");
  }

  void clear(int row) {
    rows.values().forEach(values -> Arrays.fill(values[row], 0));
  }

  void copy(int row, TrialOutputs from, int fromRow, float factor) {
    rows.forEach(
        (name, values) -> {
          float[] source = from.rows().get(name)[fromRow];
          for (int i = 0; i < source.length; i++) {
            values[row][i] = factor * source[i];
          }
        });
  }

  TrialOutputs reversed() {
    Map<String, float[][]> other = new LinkedHashMap<>();
    rows.forEach(
        (name, values) -> {
          float[][] back = new float[values.length][];
          for (int i = 0; i < values.length; i++) {
            back[i] = values[values.length - 1 - i];
          }
          other.put(name, back);
        });
    return new TrialOutputs(other);
  }

  TrialOutputs moved(long seed) {
    Random random = new Random(seed);
    Map<String, float[][]> other = new LinkedHashMap<>();
    rows.forEach(
        (name, values) -> {
          float[][] near = new float[values.length][];
          for (int r = 0; r < values.length; r++) {
            near[r] = values[r].clone();
            for (int i = 0; i < near[r].length; i++) {
              near[r][i] += 0.3f * (float) random.nextGaussian();
            }
          }
          other.put(name, near);
        });
    return new TrialOutputs(other);
  }
}

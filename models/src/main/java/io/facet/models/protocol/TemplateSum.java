package io.facet.models.protocol;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The feature of one template while its faces come one by one, see {@link IjbTemplates}. The same
 * faces in the same order give the same bits. Not safe for several threads.
 */
public final class TemplateSum {
  private static final double SMALLEST_NORM = 1e-12;

  private final IjbTemplates.Options options;
  private final Map<Long, Medium> media = new LinkedHashMap<>();
  private int faces;

  /** No face yet. */
  public TemplateSum(IjbTemplates.Options options) {
    this.options = options;
  }

  /**
   * One face.
   *
   * @param medium it was taken from
   * @param embedding not normalised, {@code (d)}; with flip fusion the sum of both views
   * @param detectorScore of the face
   */
  public void add(long medium, float[] embedding, double detectorScore) {
    add(medium, widen(embedding), detectorScore);
  }

  void add(long medium, double[] feature, double detectorScore) {
    double weight = options.detectorScore() ? detectorScore : 1;
    if (!options.keepNorm()) {
      weight /= Math.max(norm(feature), SMALLEST_NORM);
    }
    Medium one = media.computeIfAbsent(medium, m -> new Medium(new double[feature.length]));
    add(one.sum, feature, weight);
    one.images++;
    faces++;
  }

  /** How many faces it has. */
  public int faces() {
    return faces;
  }

  /**
   * The sum over media of the means of their faces, as a unit vector {@code (d)}.
   *
   * @throws IllegalStateException if there is no face
   */
  public float[] unit() {
    if (faces == 0) {
      throw new IllegalStateException("a template without a face has no feature");
    }
    double[] total = null;
    for (Medium medium : media.values()) {
      if (total == null) {
        total = new double[medium.sum.length];
      }
      add(total, medium.sum, 1.0 / medium.images);
    }
    double norm = Math.max(norm(total), SMALLEST_NORM);
    float[] unit = new float[total.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (total[i] / norm);
    }
    return unit;
  }

  static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  static void add(double[] sum, double[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static final class Medium {
    private final double[] sum;
    private int images;

    private Medium(double[] sum) {
      this.sum = sum;
    }
  }
}

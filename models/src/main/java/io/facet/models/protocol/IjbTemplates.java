package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Template features of IJB-B and IJB-C: the images of one medium are averaged, the media of one
 * template summed, the sum normalised.
 */
public final class IjbTemplates {
  private final TreeMap<Long, float[]> features;

  private IjbTemplates(TreeMap<Long, float[]> features) {
    this.features = features;
  }

  /**
   * How image features enter a template; the defaults of the published 1:1 figures are {@code true,
   * true}.
   *
   * @param keepNorm whether a feature keeps its length, which grows with image quality
   * @param detectorScore whether a feature is multiplied by its detection score
   */
  public record Options(boolean keepNorm, boolean detectorScore) {
    /** Length kept, weighted by the detection score. */
    public static final Options STANDARD = new Options(true, true);
  }

  /**
   * Builds all templates.
   *
   * @param embeddings one raw embedding an image
   * @param mirrored embeddings of the mirror images, added to the plain ones
   * @param templates template id of each image
   * @param media medium id of each image
   * @param detectorScores detection score of each image
   */
  public static IjbTemplates of(
      float[][] embeddings,
      Optional<float[][]> mirrored,
      long[] templates,
      long[] media,
      double[] detectorScores,
      Options options) {
    TreeMap<Long, Map<Long, MediumSum>> sums = new TreeMap<>();
    for (int i = 0; i < embeddings.length; i++) {
      double[] feature = widen(embeddings[i]);
      if (mirrored.isPresent()) {
        add(feature, widen(mirrored.get()[i]), 1);
      }
      double weight = options.detectorScore() ? detectorScores[i] : 1;
      if (!options.keepNorm()) {
        weight /= Math.max(norm(feature), 1e-12);
      }
      int length = feature.length;
      MediumSum medium =
          sums.computeIfAbsent(templates[i], t -> new LinkedHashMap<>())
              .computeIfAbsent(media[i], m -> new MediumSum(new double[length]));
      add(medium.sum, feature, weight);
      medium.images++;
    }
    TreeMap<Long, float[]> features = new TreeMap<>();
    sums.forEach((template, byMedium) -> features.put(template, join(byMedium)));
    return new IjbTemplates(features);
  }

  private static float[] join(Map<Long, MediumSum> media) {
    double[] total = null;
    for (MediumSum medium : media.values()) {
      if (total == null) {
        total = new double[medium.sum.length];
      }
      add(total, medium.sum, 1.0 / medium.images);
    }
    double norm = Math.max(norm(total), 1e-12);
    float[] unit = new float[total.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (total[i] / norm);
    }
    return unit;
  }

  /** Template ids, ascending. */
  public long[] ids() {
    return features.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Unit feature of one template.
   *
   * @throws DataException if no image belongs to it
   */
  public float[] feature(long template) {
    float[] feature = features.get(template);
    if (feature == null) {
      throw new DataException(
          "template %d has no image; the pair list and the image list do not belong together"
              .formatted(template));
    }
    return feature;
  }

  /** Score of one pair of templates: the cosine. */
  public double score(long left, long right) {
    return EmbeddingMath.dot(feature(left), feature(right));
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static void add(double[] sum, double[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static final class MediumSum {
    private final double[] sum;
    private int images;

    private MediumSum(double[] sum) {
      this.sum = sum;
    }
  }
}

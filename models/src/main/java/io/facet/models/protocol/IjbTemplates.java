package io.facet.models.protocol;

import io.facet.models.DataException;
import java.io.Serializable;
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
  public record Options(boolean keepNorm, boolean detectorScore) implements Serializable {
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
    TreeMap<Long, TemplateSum> sums = new TreeMap<>();
    for (int i = 0; i < embeddings.length; i++) {
      double[] feature = TemplateSum.widen(embeddings[i]);
      if (mirrored.isPresent()) {
        TemplateSum.add(feature, TemplateSum.widen(mirrored.get()[i]), 1);
      }
      sums.computeIfAbsent(templates[i], t -> new TemplateSum(options))
          .add(media[i], feature, detectorScores[i]);
    }
    TreeMap<Long, float[]> features = new TreeMap<>();
    sums.forEach((template, sum) -> features.put(template, sum.unit()));
    return new IjbTemplates(features);
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
}

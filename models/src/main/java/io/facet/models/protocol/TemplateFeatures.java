package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.Map;

/** The features of all templates of a set, looked up by number. */
public final class TemplateFeatures {
  private final int[] templates;
  private final float[][] features;

  private TemplateFeatures(int[] templates, float[][] features) {
    this.templates = templates;
    this.features = features;
  }

  /**
   * Takes features over.
   *
   * @param byTemplate unit vectors of one length
   */
  public static TemplateFeatures of(Map<Integer, float[]> byTemplate) {
    int[] templates = byTemplate.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    float[][] features = new float[templates.length][];
    Arrays.setAll(features, i -> byTemplate.get(templates[i]));
    return new TemplateFeatures(templates, features);
  }

  /** How many templates have a feature. */
  public int size() {
    return templates.length;
  }

  /** Whether a template has a feature: one without any face has none. */
  public boolean has(int template) {
    return Arrays.binarySearch(templates, template) >= 0;
  }

  /**
   * The feature of one template; not copied.
   *
   * @throws DataException if it has none
   */
  public float[] of(int template) {
    int place = Arrays.binarySearch(templates, template);
    if (place < 0) {
      throw new DataException("template %d has no face".formatted(template));
    }
    return features[place];
  }

  /**
   * Score of a pair of templates: the scalar product, rounded to single precision.
   *
   * @throws DataException if one has no feature
   */
  public float score(int left, int right) {
    return (float) EmbeddingMath.quickDot(of(left), of(right));
  }
}

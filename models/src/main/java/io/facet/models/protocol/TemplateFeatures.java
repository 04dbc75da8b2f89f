package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Map;

/** The features of all templates of a set, looked up by number. */
public final class TemplateFeatures {
  private final IntPlaces templates = new IntPlaces();
  private final float[][] features;

  private TemplateFeatures(Map<Integer, float[]> byTemplate) {
    features = new float[byTemplate.size()][];
    byTemplate.forEach((template, feature) -> features[templates.add(template)] = feature);
  }

  /**
   * Takes features over.
   *
   * @param byTemplate unit vectors of one length
   */
  public static TemplateFeatures of(Map<Integer, float[]> byTemplate) {
    return new TemplateFeatures(byTemplate);
  }

  /** How many templates have a feature. */
  public int size() {
    return templates.size();
  }

  /** Whether a template has a feature: one without any face has none. */
  public boolean has(int template) {
    return templates.place(template) >= 0;
  }

  /**
   * The feature of one template; not copied.
   *
   * @throws DataException if it has none
   */
  public float[] of(int template) {
    int place = templates.place(template);
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

package io.facet.transforms.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;

/** A source with options as recipes write them: {@code {path: faces}}. */
public final class ChosenSource {
  private ChosenSource() {}

  public static Selected<FaceSource<?>> of(String key, String yaml) {
    try {
      String json = new YAMLMapper().readTree(yaml).toString();
      return RecordBinder.select(FaceSource.class, key, json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(yaml, e);
    }
  }
}

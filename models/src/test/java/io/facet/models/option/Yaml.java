package io.facet.models.option;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Options as recipes write them: {@code {weight: 0.5, form: cos}}. */
public final class Yaml {
  private static final YAMLMapper MAPPER = new YAMLMapper();

  private Yaml() {}

  public static JsonNode tree(String yaml) {
    try {
      return MAPPER.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(yaml, e);
    }
  }

  /** The same as JSON. */
  public static String json(String yaml) {
    return tree(yaml).toString();
  }
}

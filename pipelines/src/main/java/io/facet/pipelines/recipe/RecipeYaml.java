package io.facet.pipelines.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.RecipeException;

/** YAML outside recipe files: trees as text, and values given on the command line. */
public final class RecipeYaml {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private RecipeYaml() {}

  /**
   * The value of an option, typed as in a recipe.
   *
   * @param option as the user wrote it, for the message
   * @throws RecipeException if the value is not YAML
   */
  public static JsonNode value(String option, String given) {
    try {
      return YamlTree.parse("", given).root();
    } catch (RecipeException e) {
      String what = e.getMessage().replaceFirst("^:?\\d*: *", "");
      throw new RecipeException(
          "%s: '%s' is %s; put text with special characters in quotes"
              .formatted(option, given, what),
          e);
    }
  }

  static String write(JsonNode tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}

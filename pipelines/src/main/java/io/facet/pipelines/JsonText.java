package io.facet.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.DataException;

/** JSON trees from and to text. */
public final class JsonText {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonText() {}

  /**
   * Text as a tree.
   *
   * @param source for messages
   * @throws DataException if it is not JSON
   */
  public static JsonNode parse(String source, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DataException(source + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A tree as indented text that ends with a line break. */
  public static String pretty(JsonNode tree) {
    try {
      return JSON.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}

package io.facet.tracking.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Bodies and replies of MLflow's REST interface. */
final class Json {
  static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode read(String reply) throws MlflowFailure {
    try {
      return MAPPER.readTree(reply);
    } catch (JsonProcessingException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.TROUBLE, "the server's reply is not JSON; is it MLflow?", e);
    }
  }

  /** MLflow's lists of {@code {key, value}} objects; a repeated key keeps its last value. */
  static Map<String, String> keyValues(JsonNode list) {
    Map<String, String> map = new LinkedHashMap<>();
    list.forEach(node -> map.put(node.path("key").asText(), node.path("value").asText()));
    return map;
  }

  static boolean valid(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node.isObject() || node.isArray();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}

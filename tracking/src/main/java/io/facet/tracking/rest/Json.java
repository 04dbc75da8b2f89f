package io.facet.tracking.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Bodies and replies of MLflow's REST interface. */
public final class Json {
  public static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static JsonNode read(String reply) throws MlflowFailure {
    try {
      return MAPPER.readTree(reply.isEmpty() ? "{}" : reply);
    } catch (JsonProcessingException e) {
      throw new MlflowFailure(
          MlflowFailure.Kind.TROUBLE, "the server's reply is not JSON; is it MLflow?", e);
    }
  }

  /** MLflow's lists of {@code {key, value}} objects; a repeated key keeps its last value. */
  public static Map<String, String> keyValues(JsonNode list) {
    Map<String, String> map = new LinkedHashMap<>();
    list.forEach(node -> map.put(node.path("key").asText(), node.path("value").asText()));
    return map;
  }

  /** Adds a {@code {key, value}} object to a list. */
  public static void keyValue(ArrayNode list, String key, String value) {
    list.addObject().put("key", key).put("value", value);
  }

  /** A value in a query. */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  public static boolean valid(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node.isObject() || node.isArray();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}

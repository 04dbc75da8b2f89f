package io.facet.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.rest.Secrets;
import java.util.Map;
import java.util.TreeMap;

/** Takes secrets out of what is written to a store or shown: those of the environment included. */
public final class Redaction {
  private static final Secrets SECRETS = Secrets.of(System.getenv());

  private Redaction() {}

  /** A text without secrets. */
  public static String text(String text) {
    return SECRETS.redact(text);
  }

  /** Values without secrets, by name. */
  public static Map<String, String> values(Map<String, String> values) {
    Map<String, String> clean = new TreeMap<>();
    values.forEach(
        (name, value) ->
            clean.put(name, Secrets.isSecretName(name) ? Secrets.HIDDEN : text(value)));
    return clean;
  }

  /** A tree without secrets. */
  public static JsonNode tree(JsonNode tree) {
    if (tree.isObject()) {
      ObjectNode clean = JsonNodeFactory.instance.objectNode();
      tree.properties()
          .forEach(
              field -> {
                boolean secret =
                    Secrets.isSecretName(field.getKey()) && field.getValue().isValueNode();
                clean.set(
                    field.getKey(),
                    secret
                        ? JsonNodeFactory.instance.textNode(Secrets.HIDDEN)
                        : tree(field.getValue()));
              });
      return clean;
    }
    if (tree.isArray()) {
      ArrayNode clean = JsonNodeFactory.instance.arrayNode();
      tree.forEach(item -> clean.add(tree(item)));
      return clean;
    }
    return tree.isTextual() ? JsonNodeFactory.instance.textNode(text(tree.textValue())) : tree;
  }
}

package io.facet.models.option;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * JSON schema (draft 2020-12) of a record for editors: completion, types, ranges and descriptions,
 * with every extension on the class path. Records and extension points become {@code $defs}.
 */
public final class OptionSchema {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, JsonNode> definitions = new TreeMap<>();
  private final Map<String, String> names = new HashMap<>();

  private OptionSchema() {}

  /** The schema of one record. */
  public static ObjectNode of(Class<? extends Record> type, String title) {
    OptionSchema schema = new OptionSchema();
    ObjectNode root = NODES.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", title);
    root.setAll(schema.record(type));
    ObjectNode defs = root.putObject("$defs");
    schema.definitions.forEach(defs::set);
    return root;
  }

  private ObjectNode record(Class<?> type) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "object");
    node.put("additionalProperties", false);
    ObjectNode properties = node.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    properties(type, properties, required);
    if (!required.isEmpty()) {
      node.set("required", required);
    }
    return node;
  }

  private void properties(Class<?> type, ObjectNode properties, ArrayNode required) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (Components.inlined(component)) {
        properties(component.getType(), properties, required);
        continue;
      }
      properties.set(component.getName(), component(component));
      if (Components.required(component)) {
        required.add(component.getName());
      }
    }
  }

  private ObjectNode component(RecordComponent component) {
    Description description = Components.described(component);
    ObjectNode node = type(component.getGenericType(), description);
    if (description != null) {
      node.put("description", description.value());
    }
    JsonNode standard = Components.defaultOf(component);
    if (!standard.isMissingNode()) {
      node.set("default", standard);
    }
    return node;
  }

  private ObjectNode type(Type type, Description description) {
    Class<?> raw = Components.raw(type);
    ObjectNode node = NODES.objectNode();
    if (raw == Optional.class) {
      return type(Components.argument(type, 0), description);
    }
    if (raw == List.class) {
      node.put("type", "array");
      node.set("items", type(Components.argument(type, 0), description));
    } else if (raw == Map.class) {
      node.put("type", "object");
      node.set("additionalProperties", type(Components.argument(type, 1), description));
    } else if (raw == Selected.class) {
      node.put("$ref", extensionPoint(Components.raw(Components.argument(type, 0))));
    } else if (raw.isRecord() && Components.shortened(raw)) {
      RecordComponent first = raw.getRecordComponents()[0];
      ArrayNode either = node.putArray("oneOf");
      either.add(type(first.getGenericType(), Components.described(first)));
      either.addObject().put("$ref", define(raw.getName(), () -> record(raw)));
    } else if (raw.isRecord()) {
      node.put("$ref", define(raw.getName(), () -> record(raw)));
    } else if (raw == JsonNode.class) {
      node.put("type", "object");
    } else if (raw.isEnum()) {
      List<String> constants = Components.constants(raw);
      texts(node, "enum", constants);
      if (constants.contains("true")) {
        node.withArray("enum").add(true).add(false); // as recipes write them
      }
    } else {
      scalar(node, raw, description);
    }
    return node;
  }

  private static void scalar(ObjectNode node, Class<?> raw, Description description) {
    if (raw == String.class) {
      texts(node, "type", List.of("string", "number", "boolean"));
    } else if (raw == boolean.class || raw == Boolean.class) {
      node.put("type", "boolean");
    } else {
      node.put("type", Scalars.whole(raw) ? "integer" : "number");
      if (description != null && !description.range().isEmpty()) {
        range(node, Interval.parse(description.range()));
      }
    }
  }

  private static void range(ObjectNode node, Interval interval) {
    if (!Double.isInfinite(interval.low())) {
      node.put(interval.lowIncluded() ? "minimum" : "exclusiveMinimum", interval.low());
    }
    if (!Double.isInfinite(interval.high())) {
      node.put(interval.highIncluded() ? "maximum" : "exclusiveMaximum", interval.high());
    }
  }

  /** Either the key alone or a mapping of the key to its options. */
  private String extensionPoint(Class<?> kind) {
    return define(
        kind.getName(),
        () -> {
          ObjectNode node = NODES.objectNode();
          ArrayNode choices = node.putArray("oneOf");
          texts(choices.addObject(), "enum", TreeBinding.keys(kind));
          Extensions.all(TreeBinding.asKind(kind))
              .forEach((key, extension) -> choices.add(choice(key, extension)));
          return node;
        });
  }

  private ObjectNode choice(String key, Extension<?> extension) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "object");
    node.put("description", extension.summary());
    node.put("additionalProperties", false);
    node.putArray("required").add(key);
    ObjectNode options = node.putObject("properties").putObject(key);
    Class<?> type = extension.optionsType();
    ArrayNode either = options.putArray("oneOf");
    either.addObject().put("$ref", define(type.getName(), () -> record(type)));
    either.addObject().put("type", "null");
    return node;
  }

  private String define(String className, Supplier<JsonNode> schema) {
    String name = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    String other = names.putIfAbsent(name, className);
    if (other != null && !other.equals(className)) {
      throw new IllegalStateException("%s and %s need other names".formatted(other, className));
    }
    if (!definitions.containsKey(name)) {
      definitions.put(name, NODES.objectNode()); // a record may contain itself
      definitions.put(name, schema.get());
    }
    return "#/$defs/" + name;
  }

  private static void texts(ObjectNode node, String key, List<String> values) {
    ArrayNode array = node.putArray(key);
    values.forEach(array::add);
  }
}

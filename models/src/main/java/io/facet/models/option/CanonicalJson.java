package io.facet.models.option;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records as trees with sorted keys: equal records give equal text. */
final class CanonicalJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper JSON = new JsonMapper();

  private final boolean identity;

  private CanonicalJson(boolean identity) {
    this.identity = identity;
  }

  /** Everything. */
  static JsonNode write(Object value) {
    return new CanonicalJson(false).node(value);
  }

  /** What affects results, with the versions of extensions. */
  static JsonNode identity(Object value) {
    return new CanonicalJson(true).node(value);
  }

  private JsonNode node(Object value) {
    if (value == null) {
      return NullNode.getInstance();
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(this::node).orElse(NullNode.getInstance());
    }
    if (value instanceof Selected<?> selected) {
      return selected(selected);
    }
    if (value instanceof Record record) {
      return shortened(record).orElseGet(() -> record(record));
    }
    if (value instanceof List<?> list) {
      ArrayNode node = NODES.arrayNode();
      list.forEach(element -> node.add(node(element)));
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = NODES.objectNode();
      new TreeMap<>(map).forEach((key, element) -> node.set(String.valueOf(key), node(element)));
      return node;
    }
    if (value instanceof JsonNode tree) {
      return sorted(tree);
    }
    if (value instanceof Enum<?> constant) {
      return NODES.textNode(Components.kebab(constant));
    }
    return scalar(value);
  }

  private static JsonNode sorted(JsonNode tree) {
    if (tree.isObject()) {
      ObjectNode node = NODES.objectNode();
      Map<String, JsonNode> children = new TreeMap<>();
      tree.properties().forEach(entry -> children.put(entry.getKey(), sorted(entry.getValue())));
      children.forEach(node::set);
      return node;
    }
    if (tree.isArray()) {
      ArrayNode node = NODES.arrayNode();
      tree.forEach(child -> node.add(sorted(child)));
      return node;
    }
    return tree;
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof Integer number) {
      return NODES.numberNode(number.intValue());
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number.longValue());
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number.doubleValue());
    }
    if (value instanceof Float number) {
      return NODES.numberNode(number.floatValue());
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    throw new IllegalStateException(value.getClass().getName() + " cannot be written as JSON");
  }

  private ObjectNode selected(Selected<?> selected) {
    ObjectNode node = NODES.objectNode();
    if (identity) {
      node.set(selected.key() + "@" + selected.extension().version(), record(selected.options()));
    } else {
      node.set(selected.key(), read(selected.json()));
    }
    return node;
  }

  /** The first component alone, where nothing else is said. */
  private Optional<JsonNode> shortened(Record record) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    boolean alone =
        Arrays.stream(components)
            .skip(1)
            .allMatch(component -> RecordValues.get(record, component).equals(Optional.empty()));
    return alone && Components.shortened(record.getClass())
        ? Optional.of(node(RecordValues.get(record, components[0])))
        : Optional.empty();
  }

  private ObjectNode record(Record record) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    collect(record, sorted);
    ObjectNode node = NODES.objectNode();
    sorted.forEach(node::set);
    return node;
  }

  private void collect(Record record, Map<String, JsonNode> sorted) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = RecordValues.get(record, component);
      if (Components.inlined(component)) {
        collect((Record) value, sorted);
      } else if (!(identity && !Components.affectsResult(component))
          && !(value instanceof Optional<?> optional && optional.isEmpty())) {
        sorted.put(component.getName(), node(value));
      }
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored options are not JSON: " + json, e);
    }
  }
}

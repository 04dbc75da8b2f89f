package io.facet.pipelines.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.RecipeException;
import java.util.List;

/**
 * One {@code --set a.b=value}: the value is YAML, a number in the path is an index of a list (the
 * list's size appends).
 *
 * <p>An extension given by its key alone becomes a mapping when an option of it is set: {@code
 * distill.student.mobilefacenet.width=2} works on {@code student: mobilefacenet}.
 *
 * @param text as given, for messages
 * @param path its steps
 * @param value as a tree
 */
record Setting(String text, List<String> path, JsonNode value) {

  /**
   * Reads {@code a.b=value}.
   *
   * @throws RecipeException if there is no {@code =}, no path, or the value is not YAML
   */
  static Setting parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new RecipeException(
          "--set %s: must be KEY=VALUE, such as --set distill.epochs=2".formatted(text));
    }
    List<String> path = List.of(text.substring(0, equals).trim().split("\\.", -1));
    if (path.stream().anyMatch(String::isBlank)) {
      throw new RecipeException(
          "--set %s: '%s' has an empty step".formatted(text, text.substring(0, equals)));
    }
    String given = text.substring(equals + 1);
    JsonNode value =
        given.isBlank()
            ? JsonNodeFactory.instance.nullNode()
            : RecipeYaml.value("--set " + text, given);
    return new Setting(text, path, value);
  }

  String pointer() {
    StringBuilder pointer = new StringBuilder();
    path.forEach(s -> pointer.append('/').append(s.replace("~", "~0").replace("/", "~1")));
    return pointer.toString();
  }

  /** Puts the value into the tree. */
  void apply(ObjectNode root) {
    JsonNode parent = root;
    for (int i = 0; i < path.size() - 1; i++) {
      parent = step(parent, path.get(i), path.get(i + 1));
    }
    put(parent, path.get(path.size() - 1), value);
  }

  private JsonNode step(JsonNode parent, String step, String next) {
    JsonNode child = get(parent, step);
    if (child.isTextual() && child.textValue().equals(next)) {
      ObjectNode opened = JsonNodeFactory.instance.objectNode();
      opened.set(next, JsonNodeFactory.instance.objectNode());
      put(parent, step, opened);
      return opened;
    }
    if (child.isMissingNode() || child.isNull()) {
      ObjectNode created = JsonNodeFactory.instance.objectNode();
      put(parent, step, created);
      return created;
    }
    if (!child.isContainerNode()) {
      throw refused("'%s' is the value %s and has no '%s' below it".formatted(step, child, next));
    }
    return child;
  }

  private JsonNode get(JsonNode parent, String step) {
    return parent instanceof ArrayNode list ? list.path(index(list, step)) : parent.path(step);
  }

  private void put(JsonNode parent, String step, JsonNode child) {
    if (parent instanceof ArrayNode list) {
      int index = index(list, step);
      if (index == list.size()) {
        list.add(child);
      } else {
        list.set(index, child);
      }
    } else {
      ((ObjectNode) parent).set(step, child);
    }
  }

  private int index(ArrayNode list, String step) {
    if (!step.matches("\\d{1,6}") || Integer.parseInt(step) > list.size()) {
      throw refused(
          "'%s' must be an index of a list of %d, 0 to %d (%d appends)"
              .formatted(step, list.size(), list.size() - 1, list.size()));
    }
    return Integer.parseInt(step);
  }

  private RecipeException refused(String message) {
    return new RecipeException("--set %s: %s".formatted(text, message));
  }
}

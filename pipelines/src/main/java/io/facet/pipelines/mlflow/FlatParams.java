package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recipe as MLflow parameters. The names stay the same when a list grows at its front: items are
 * named by their {@code name}, or by their one key ({@code distill.methods.cakd.attentionWeight}),
 * and only those that have neither, or share one, by their number from 1. Lists of plain values are
 * one parameter.
 */
final class FlatParams {
  private FlatParams() {}

  public static Map<String, String> of(JsonNode tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", tree, flat);
    return flat;
  }

  private static void flatten(String name, JsonNode tree, Map<String, String> flat) {
    if (tree.isObject() && !tree.isEmpty()) {
      tree.properties()
          .forEach(entry -> flatten(below(name, entry.getKey()), entry.getValue(), flat));
    } else if (tree.isArray() && hasObjects(tree)) {
      for (int i = 0; i < tree.size(); i++) {
        item(name, tree, i, flat);
      }
    } else {
      flat.put(name, tree.isTextual() ? tree.textValue() : tree.toString());
    }
  }

  private static void item(String name, JsonNode list, int number, Map<String, String> flat) {
    JsonNode item = list.get(number);
    String own = ownName(item);
    long twins = 0;
    for (JsonNode other : list) {
      twins += ownName(other).equals(own) ? 1 : 0;
    }
    if (own.isEmpty() || twins > 1) {
      flatten(below(name, Integer.toString(number + 1)), item, flat);
    } else if (item.has("name")) {
      flatten(below(name, own), item, flat);
    } else if (item.isObject()) {
      flatten(below(name, own), item.get(own), flat);
    } else {
      flat.put(below(name, own), "{}");
    }
  }

  private static String ownName(JsonNode item) {
    if (item.isTextual()) {
      return item.textValue();
    }
    if (item.path("name").isTextual()) {
      return item.get("name").textValue();
    }
    return item.isObject() && item.size() == 1 ? item.fieldNames().next() : "";
  }

  private static boolean hasObjects(JsonNode list) {
    for (JsonNode item : list) {
      if (item.isObject()) {
        return true;
      }
    }
    return false;
  }

  private static String below(String name, String key) {
    return name.isEmpty() ? key : name + "." + key;
  }
}

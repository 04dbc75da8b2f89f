package io.facet.pipelines.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.option.RecordBinder;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what decides a result, in groups that explanations name. */
public final class FingerprintInputs {
  private final SortedMap<String, String> inputs = new TreeMap<>();

  /** Every option of a record that affects results, each under its own name. */
  public FingerprintInputs options(Record options) {
    return options("", options);
  }

  /**
   * As {@link #options(Record)}, under a name: {@code student.width}. A {@code Selected} extension
   * is such a record too; its version is part of the names.
   */
  public FingerprintInputs options(String name, Record options) {
    flatten(name.isEmpty() ? "options" : "options." + name, RecordBinder.toIdentityTree(options));
    return this;
  }

  /** One option. */
  public FingerprintInputs option(String name, Object value) {
    return put("options." + name, value.toString());
  }

  /** Content that comes from outside, by digest. */
  public FingerprintInputs content(String name, String digest) {
    return put("content." + name, digest);
  }

  /** The version of an algorithm. */
  public FingerprintInputs version(String name, Object version) {
    return put("version." + name, version.toString());
  }

  /** Libraries that compute. */
  public FingerprintInputs libraries(Map<String, String> versions) {
    versions.forEach((name, version) -> put("library." + name, version));
    return this;
  }

  /** Device, thread count, CPU family: what changes the last bits. */
  public FingerprintInputs hardware(String name, Object value) {
    return put("hardware." + name, value.toString());
  }

  /** All collected. */
  public SortedMap<String, String> build() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }

  private FingerprintInputs put(String key, String value) {
    String before = inputs.put(key, value);
    if (before != null && !before.equals(value)) {
      throw new IllegalStateException("two inputs have the name " + key);
    }
    return this;
  }

  private void flatten(String name, JsonNode tree) {
    if (tree instanceof ObjectNode object && !object.isEmpty()) {
      object.properties().forEach(entry -> flatten(name + "." + entry.getKey(), entry.getValue()));
    } else if (tree.isArray() && !tree.isEmpty()) {
      for (int i = 0; i < tree.size(); i++) {
        flatten(name + "." + i, tree.get(i));
      }
    } else {
      put(name, tree.isTextual() ? tree.textValue() : tree.toString());
    }
  }
}

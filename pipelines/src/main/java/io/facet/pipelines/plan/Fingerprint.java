package io.facet.pipelines.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.artifact.FileDigests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides the content of an artifact, and its SHA-256.
 *
 * @param inputs by name, {@code GROUP.NAME}; see {@link FingerprintInputs}
 * @param parents fingerprints of the artifacts it is made from, by instance
 * @param digest 64 hexadecimal digits
 */
public record Fingerprint(
    SortedMap<String, String> inputs, SortedMap<String, String> parents, String digest) {
  private static final int SHOWN = 4;
  private static final int SHOWN_LENGTH = 24;

  /**
   * The fingerprint of an instance.
   *
   * @param formatVersion raised when the stage writes the same content in another form
   */
  public static Fingerprint of(
      String stage, int formatVersion, Map<String, String> inputs, Map<String, String> parents) {
    SortedMap<String, String> all = new TreeMap<>(inputs);
    all.put("version.stage", stage + "@" + formatVersion);
    SortedMap<String, String> above = new TreeMap<>(parents);
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ObjectNode inputTree = tree.putObject("inputs");
    all.forEach(inputTree::put);
    ObjectNode parentTree = tree.putObject("parents");
    above.forEach(parentTree::put);
    String digest = FileDigests.sha256(tree.toString().getBytes(StandardCharsets.UTF_8));
    return new Fingerprint(all, above, digest);
  }

  /**
   * What changed since an earlier artifact of the same instance, for people: {@code options
   * changed: template (arcface-112 → ffhq)}, {@code parents changed: ingest}.
   */
  public String differencesFrom(Map<String, String> oldInputs, Map<String, String> oldParents) {
    List<String> parts = new ArrayList<>();
    SortedMap<String, List<String>> groups = new TreeMap<>();
    for (String key : changed(oldInputs, inputs)) {
      int dot = key.indexOf('.');
      groups
          .computeIfAbsent(key.substring(0, Math.max(dot, 0)), group -> new ArrayList<>())
          .add(key.substring(dot + 1) + values(oldInputs.get(key), inputs.get(key)));
    }
    groups.forEach((group, keys) -> parts.add(group + " changed: " + few(keys)));
    List<String> above = changed(oldParents, parents);
    if (!above.isEmpty()) {
      parts.add("parents changed: " + few(above));
    }
    return parts.isEmpty() ? "nothing changed" : String.join("; ", parts);
  }

  private static List<String> changed(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    return keys.stream().filter(k -> !Objects.equals(before.get(k), after.get(k))).toList();
  }

  private static String values(String before, String after) {
    if (before == null || after == null) {
      return before == null ? " (new)" : " (gone)";
    }
    boolean shown = before.length() <= SHOWN_LENGTH && after.length() <= SHOWN_LENGTH;
    return shown ? " (%s → %s)".formatted(before, after) : "";
  }

  private static String few(List<String> items) {
    int more = items.size() - SHOWN;
    String text = String.join(", ", items.subList(0, Math.min(SHOWN, items.size())));
    return more > 0 ? text + " and " + more + " more" : text;
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file of {@code --json}, read back.
 *
 * @param tree the whole
 */
record JsonSummary(JsonNode tree) {
  /** What an untracked run said, which must end well. */
  static JsonSummary ofRun(Path json, Path recipe, Path store, Object... more) throws IOException {
    List<Object> words = new ArrayList<>(List.of("run", recipe, "--store", store));
    words.addAll(List.of("--tracking-uri", "none", "--json", json));
    words.addAll(List.of(more));
    CommandRun run = CommandRun.of(words.toArray());
    assertThat(run.exitCode()).as(run.said()).isZero();
    return read(json);
  }

  static JsonSummary read(Path file) throws IOException {
    return new JsonSummary(JsonMapper.builder().build().readTree(file.toFile()));
  }

  List<JsonNode> stages() {
    List<JsonNode> stages = new ArrayList<>();
    tree.get("stages").forEach(stages::add);
    return stages;
  }

  List<JsonNode> metrics() {
    List<JsonNode> metrics = new ArrayList<>();
    tree.get("metrics").forEach(metrics::add);
    return metrics;
  }

  JsonNode stage(String name) {
    return stages().stream()
        .filter(stage -> stage.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no stage " + name + " in " + tree));
  }

  /** Names of the instances that were cached, or that were not. */
  List<String> named(boolean cached) {
    return stages().stream()
        .filter(stage -> stage.get("cached").asBoolean() == cached)
        .map(stage -> stage.get("name").asText())
        .toList();
  }

  /** Folder of a stage's artifact. */
  Path artifact(String stage) {
    return Path.of(stage(stage).get("artifact").asText());
  }

  /** Digest by stage and table; timings are another in each run. */
  Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    for (JsonNode stage : stages()) {
      stage
          .get("digests")
          .properties()
          .forEach(
              table ->
                  digests.put(
                      stage.get("name").asText() + "/" + table.getKey(),
                      table.getValue().asText()));
    }
    return digests.entrySet().stream()
        .filter(entry -> !entry.getKey().endsWith("/timings"))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }
}

package io.facet.pipelines.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A source as the recipe of an ingest has it, and the file behind one of its names. */
final class SourceText {
  /** Options that name a folder of images or a file of packed ones. */
  private static final List<String> PLACES = List.of("images", "path");

  private SourceText() {}

  /** The section of the recipe that a label stands for; missing if there is none. */
  private static JsonNode section(JsonNode recipe, String label) {
    if (label.startsWith("train.")) {
      return recipe.path("train").path(Integer.parseInt(label.substring("train.".length())));
    }
    if (label.equals("validation")) {
      return recipe.path("validation").path("source");
    }
    for (JsonNode set : recipe.path("verification")) {
      if (set.path("name").asText().equals(label)) {
        return set.path("source");
      }
    }
    return recipe.path("");
  }

  /** {@code folder {"path":"people"}}; empty if the recipe has no such source. */
  static String kind(JsonNode recipe, String label) {
    for (Map.Entry<String, JsonNode> entry : section(recipe, label).properties()) {
      return entry.getKey() + " " + entry.getValue();
    }
    return "";
  }

  /**
   * The file of a name: of its own, or the packed one that holds it; empty if the source makes its
   * images.
   */
  static String file(JsonNode recipe, String label, String name) {
    Path root = Path.of(recipe.path("root").asText(".")).toAbsolutePath().normalize();
    for (JsonNode options : section(recipe, label)) {
      for (String place : PLACES) {
        if (options.path(place).isTextual()) {
          Path at = root.resolve(options.path(place).asText()).normalize();
          return Files.isRegularFile(at) ? at + ", record " + name : at.resolve(name).toString();
        }
      }
    }
    return "";
  }
}

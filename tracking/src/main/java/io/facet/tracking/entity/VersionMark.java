package io.facet.tracking.entity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Aliases and tags for a version of a registered model that was registered before.
 *
 * @param model registered model
 * @param key tag that tells the version among those of the model, such as {@code facet.fingerprint}
 * @param value of that tag; of several versions the newest counts
 * @param tags set on the version
 * @param aliases moved to the version, such as {@code champion}
 */
public record VersionMark(
    String model, String key, String value, Map<String, String> tags, List<String> aliases) {

  /** Copies tags and aliases. */
  public VersionMark {
    if (model.isBlank() || key.isBlank() || value.isBlank()) {
      throw new IllegalArgumentException("A mark needs a model and a tag that tells the version.");
    }
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    aliases = List.copyOf(aliases);
  }
}

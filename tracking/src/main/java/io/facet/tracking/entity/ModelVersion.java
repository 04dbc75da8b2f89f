package io.facet.tracking.entity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A version of a registered model, made from an artifact of the run that registers it.
 *
 * @param model registered model, created when missing
 * @param artifactPath artifact or artifact folder of the run that is this version
 * @param description Markdown shown on the version's page
 * @param tags tags of the version
 * @param aliases aliases moved to this version, such as {@code candidate}
 */
public record ModelVersion(
    String model,
    String artifactPath,
    String description,
    Map<String, String> tags,
    List<String> aliases) {

  /** Copies tags and aliases. */
  public ModelVersion {
    if (model.isBlank() || artifactPath.isBlank()) {
      throw new IllegalArgumentException("A model version needs a model and an artifact.");
    }
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    aliases = List.copyOf(aliases);
  }
}

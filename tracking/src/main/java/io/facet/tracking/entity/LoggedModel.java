package io.facet.tracking.entity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as MLflow 3 lists it on its page of models, made by the run that logs it.
 *
 * @param name shown in that list; several models may have it
 * @param type what kind of model it is, such as {@code face-embedding}
 * @param params what it was made with
 * @param tags tags of the model
 */
public record LoggedModel(
    String name, String type, Map<String, String> params, Map<String, String> tags) {

  /** Copies parameters and tags. */
  public LoggedModel {
    if (name.isBlank() || type.isBlank()) {
      throw new IllegalArgumentException("A logged model needs a name and a type.");
    }
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}

package io.facet.models.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.option.RecordBinder;

/** Training options as YAML-like JSON over the defaults. */
public final class TinyOptions {
  private TinyOptions() {}

  public static TrainingOptions of(String json) {
    try {
      return RecordBinder.bind(TrainingOptions.class, new ObjectMapper().readTree(json));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

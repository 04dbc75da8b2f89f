package io.facet.models.train;

import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;

/** Training options as recipes write them, over the defaults. */
public final class TinyOptions {
  private TinyOptions() {}

  public static TrainingOptions of(String yaml) {
    return RecordBinder.bind(TrainingOptions.class, Yaml.tree(yaml));
  }
}

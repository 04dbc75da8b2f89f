package io.facet.tracking;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a new run is called and where it stands.
 *
 * @param experiment MLflow experiment, created when missing; at most 500 characters
 * @param name name shown in MLflow's table of runs
 * @param parent uuid of the run above it, for nested runs
 * @param tags tags set when the run is made, such as those of {@link SystemTags}
 */
public record RunSpec(
    String experiment, String name, Optional<String> parent, Map<String, String> tags) {

  /** Copies the tags, keeping their order. */
  public RunSpec {
    Objects.requireNonNull(parent);
    if (experiment.isBlank() || name.isBlank()) {
      throw new IllegalArgumentException("A run needs an experiment and a name.");
    }
    tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** A run without a parent or tags. */
  public static RunSpec of(String experiment, String name) {
    return new RunSpec(experiment, name, Optional.empty(), Map.of());
  }

  /** The same run below another one. */
  public RunSpec below(TrackedRun run) {
    return new RunSpec(experiment, name, Optional.of(run.uuid()), tags);
  }

  /** The same run with one more tag. */
  public RunSpec with(String tag, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(tag, value);
    return new RunSpec(experiment, name, parent, more);
  }

  /** The same run with more tags. */
  public RunSpec with(Map<String, String> added) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.putAll(added);
    return new RunSpec(experiment, name, parent, more);
  }
}

package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.Artifact;
import java.util.Optional;

/**
 * An instance of a plan and what would become of it.
 *
 * @param stage that makes it
 * @param instance what is made
 * @param fingerprint of the artifact, should all dependencies succeed
 * @param cached the artifact, if it is there
 * @param why it would run: {@code first run}, {@code options changed: template}; for a cached one
 *     the run that made it
 */
public record PlannedInstance(
    Stage stage,
    StageInstance instance,
    Fingerprint fingerprint,
    Optional<Artifact> cached,
    String why) {

  /** {@code align: options changed: template}. */
  @Override
  public String toString() {
    return instance.name() + ": " + why;
  }
}

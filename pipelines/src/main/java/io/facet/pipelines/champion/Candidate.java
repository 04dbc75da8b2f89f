package io.facet.pipelines.champion;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.transforms.publish.PublishUnit;

/**
 * The best student of a run, by validation.
 *
 * @param model name in the registry
 * @param student label of the student, {@code cakd#1}
 * @param fingerprint of the artifact of {@code publish}
 * @param weights its model file
 * @param run that published it
 */
public record Candidate(
    String model, String student, String fingerprint, Manifest.DataFile weights, String run) {

  /** The student of an artifact of {@code publish}. */
  public static Candidate of(String model, Artifact publish) {
    Manifest manifest = publish.manifest();
    return new Candidate(
        model,
        manifest.notes().getOrDefault("model", ""),
        manifest.fingerprint(),
        manifest.attachment(PublishUnit.MODEL).orElseThrow().file(),
        manifest.originRun());
  }
}

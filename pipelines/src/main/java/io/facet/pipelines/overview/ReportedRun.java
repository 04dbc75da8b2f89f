package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.stage.Faces;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.embed.FaceFiles;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run as its page tells of it.
 *
 * @param run its id
 * @param recipe name of its recipe
 * @param state {@code finished}, {@code failed} ...
 * @param started ISO time
 * @param ended ISO time, if it has ended
 * @param reason why it did not finish, else empty
 * @param parts in the order of the plan
 * @param reproduction recipe and machine; empty until it has ended
 */
public record ReportedRun(
    String run,
    String recipe,
    String state,
    String started,
    Optional<String> ended,
    String reason,
    List<Part> parts,
    Optional<Reproduction> reproduction) {

  /**
   * An instance of a stage.
   *
   * @param name {@code distill[cakd#1]}
   * @param stage {@code distill}
   * @param state {@code done}, {@code cached}, {@code failed} ...
   * @param reused whether it was there before the run
   * @param seconds it took, 0 if it did not run
   * @param note what went wrong, else empty
   * @param artifact if it is there and whole
   */
  public record Part(
      String name,
      String stage,
      String state,
      boolean reused,
      double seconds,
      String note,
      Optional<Artifact> artifact) {}

  /** Copies the list. */
  public ReportedRun {
    parts = List.copyOf(parts);
  }

  /** The artifact of an instance, if it is there. */
  public Optional<Artifact> artifact(String instance) {
    return artifacts().filter(one -> one.manifest().instance().equals(instance)).findFirst();
  }

  /** All artifacts, in the order of the plan. */
  public Stream<Artifact> artifacts() {
    return parts.stream().flatMap(part -> part.artifact().stream());
  }

  /** Where its aligned faces lie, if they and their images are there. */
  public Optional<FaceFiles> faces() {
    return artifact(Stages.INGEST)
        .flatMap(ingest -> artifact(Stages.ALIGN).map(align -> Faces.of(ingest, align)));
  }

  /** All artifacts that have a table of that name with rows. */
  public Stream<Artifact> withTable(String table) {
    return artifacts()
        .filter(one -> one.manifest().table(table).filter(found -> found.rows() > 0).isPresent());
  }
}

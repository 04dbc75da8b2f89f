package io.facet.pipelines.nightly;

import java.util.List;
import java.util.Optional;

/**
 * One night of a recipe, as it is kept in the store.
 *
 * @param number from 1
 * @param recipe name of the recipe
 * @param begun ISO time
 * @param ended ISO time
 * @param resumed whether it was killed and went on
 * @param decision {@code first}, {@code promoted}, {@code kept}, {@code unchanged}, {@code
 *     refused}, {@code ready} or {@code failed}
 * @param reason the decision's numbers, or the failure
 * @param exitCode 0 improved or equal, 4 refused, else that of the failure
 * @param run uuid of its run; empty if nothing could be planned
 * @param images distinct ones, if they were counted
 * @param newImages more than on the last night that counted
 * @param candidate label of the best student
 * @param champion who is champion now
 * @param stages what became of each instance
 * @param removedArtifacts by the clean-up
 * @param removedBytes by the clean-up
 * @param undelivered tracking events the server has not got
 * @param seconds it took
 */
public record Night(
    int number,
    String recipe,
    String begun,
    String ended,
    boolean resumed,
    String decision,
    String reason,
    int exitCode,
    String run,
    Optional<Long> images,
    Optional<Long> newImages,
    String candidate,
    String champion,
    List<Part> stages,
    int removedArtifacts,
    long removedBytes,
    long undelivered,
    double seconds) {

  /** The gate let the student through, and people are to promote it. */
  public static final String READY = "ready";

  /** The decision of a night that failed. */
  public static final String FAILED = "failed";

  /**
   * One instance.
   *
   * @param name of the instance
   * @param stage of the instance
   * @param fingerprint of its artifact
   * @param result {@code cached}, {@code made}, {@code failed} or {@code skipped}
   * @param seconds it took
   */
  public record Part(String name, String stage, String fingerprint, String result, double seconds) {
    /** Whether the night has an artifact of it. */
    public boolean there() {
      return result.equals("made") || result.equals("cached");
    }
  }
}

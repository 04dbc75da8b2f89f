package io.facet.pipelines.flink;

/** Names of jobs as Flink shows them. */
public final class JobName {
  private static final int ATTEMPT_LETTERS = 8;

  private JobName() {}

  /**
   * {@code facet RECIPE distill[cakd#1] 0a1b2c3d}. The end tells the attempt, so that no other job
   * of the cluster has the name.
   *
   * @param attemptUri folder the job writes to
   */
  public static String of(String recipe, String instance, String attemptUri) {
    String attempt = attemptUri.replaceAll("/+$", "");
    String id = attempt.substring(attempt.lastIndexOf('/') + 1).replaceFirst("^attempt-", "");
    return "facet %s %s %s"
        .formatted(recipe, instance, id.substring(0, Math.min(ATTEMPT_LETTERS, id.length())));
  }
}

package io.facet.pipelines.doctor;

/** One thing a run needs. */
public interface Check {
  /** A word for the list. */
  String name();

  /**
   * What is there.
   *
   * @throws Exception if it will not do: {@code RecipeException} and {@code DataException} for what
   *     the user wrote or gave, anything else for the machine
   */
  String look() throws Exception;

  /** What to do when {@link #look} throws. */
  String cure();
}

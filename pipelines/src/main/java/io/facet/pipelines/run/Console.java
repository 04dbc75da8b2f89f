package io.facet.pipelines.run;

import io.facet.pipelines.plan.PlanListener;

/** What a run tells a person. */
public interface Console {
  /** Text of results, with its line ends. */
  void print(String text);

  /** A line about trouble, or what to do about it. */
  void complain(String line);

  /**
   * Shows the stages of a run while they are made.
   *
   * @param jobs stages side by side
   */
  Progress progress(int jobs);

  /** Shows how far a run is, until it is closed. */
  interface Progress extends PlanListener, AutoCloseable {
    /** The process was asked to end: said at once, since the current step comes to its end. */
    default void stopping() {}

    @Override
    default void close() {}
  }

  /** Tells nothing. */
  static Console silent() {
    return new Console() {
      @Override
      public void print(String text) {}

      @Override
      public void complain(String line) {}

      @Override
      public Progress progress(int jobs) {
        return new Progress() {};
      }
    };
  }
}

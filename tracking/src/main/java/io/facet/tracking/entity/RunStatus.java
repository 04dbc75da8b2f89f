package io.facet.tracking.entity;

/** How a run ended, in MLflow's words. */
public enum RunStatus {
  /** It did all it was asked to do. */
  FINISHED,
  /** An error ended it. */
  FAILED,
  /** A person, a signal or a reaper ended it. */
  KILLED
}

package io.facet.pipelines.recipe;

/** Whether the outputs of a teacher that no method changes are computed once and kept. */
public enum TeacherCache {
  /** They are, up to a size; beyond it the teacher runs in each training. */
  AUTO,
  /** They are. */
  ALWAYS,
  /** The teacher runs in each training. */
  NEVER
}

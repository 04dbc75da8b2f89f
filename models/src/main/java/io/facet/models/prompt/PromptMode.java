package io.facet.models.prompt;

/** How a transformer teacher is prompted. */
public enum PromptMode {
  /** No prompts: the teacher as it is. */
  NONE,
  /** Prompts and student learn together; the teacher runs live in every step. */
  JOINT,
  /** Prompts were tuned against a proxy student and are frozen: teacher outputs are constant. */
  STAGED
}

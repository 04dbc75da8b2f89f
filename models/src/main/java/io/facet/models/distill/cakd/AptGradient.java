package io.facet.models.distill.cakd;

/** Where the attention and feature terms send gradients. */
public enum AptGradient {
  /** To student and teacher side: prompts and the teacher's projection adapt to the student. */
  BOTH,
  /** To the student only; the teacher's maps and outputs are constants. */
  STUDENT_ONLY
}

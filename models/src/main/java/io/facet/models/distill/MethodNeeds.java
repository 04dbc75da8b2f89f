package io.facet.models.distill;

import java.util.Set;

/**
 * What a method needs, so that a recipe is refused before any compute when it cannot be served.
 *
 * @param teacher how the teacher takes part
 * @param studentTaps taps read from the student
 * @param teacherTaps taps read from the teacher
 * @param teacherClassifier whether the teacher's class weights {@code (C, d)} are read
 * @param sameEmbeddingSize whether student and teacher embeddings must have one width
 * @param saliency whether the teacher's saliency map is read
 */
public record MethodNeeds(
    Teacher teacher,
    Set<String> studentTaps,
    Set<String> teacherTaps,
    boolean teacherClassifier,
    boolean sameEmbeddingSize,
    boolean saliency) {

  /** How the teacher takes part in a step. */
  public enum Teacher {
    /** Not at all. */
    NONE,
    /** As a constant: cached outputs serve. */
    CONSTANT,
    /** Live with trainable prompts: gradients reach the prompts. */
    PROMPTED
  }

  /** No teacher. */
  public static MethodNeeds none() {
    return new MethodNeeds(Teacher.NONE, Set.of(), Set.of(), false, false, false);
  }

  /** The constant teacher's embeddings only. */
  public static MethodNeeds embeddings(boolean sameEmbeddingSize) {
    return new MethodNeeds(Teacher.CONSTANT, Set.of(), Set.of(), false, sameEmbeddingSize, false);
  }
}

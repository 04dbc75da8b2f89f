package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a method needs, so that a recipe is refused before any compute when it cannot be served.
 * Begin with {@link #none}, {@link #constantTeacher} or {@link #promptedTeacher} and add the rest.
 *
 * @param teacher how the teacher takes part
 * @param studentTaps taps read from the student
 * @param teacherTaps taps read from the teacher
 * @param teacherClassifier whether the teacher's class weights {@code (C, d)} are read
 * @param studentClassifier whether the class weights of the student's own head are read; the
 *     method's identity weight must then be above 0
 * @param sameEmbeddingSize whether student and teacher embeddings must have one width
 * @param saliency whether the teacher's saliency map is read
 * @param studentAwareTeacher whether the teacher must have been trained on the frozen class weights
 *     of a network like the student
 */
public record MethodNeeds(
    Teacher teacher,
    Set<String> studentTaps,
    Set<String> teacherTaps,
    boolean teacherClassifier,
    boolean studentClassifier,
    boolean sameEmbeddingSize,
    boolean saliency,
    boolean studentAwareTeacher) {

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
    return of(Teacher.NONE);
  }

  /** The embeddings of a constant teacher. */
  public static MethodNeeds constantTeacher() {
    return of(Teacher.CONSTANT);
  }

  /** A live teacher whose prompts are trained with the student. */
  public static MethodNeeds promptedTeacher() {
    return of(Teacher.PROMPTED);
  }

  private static MethodNeeds of(Teacher teacher) {
    return new MethodNeeds(teacher, Set.of(), Set.of(), false, false, false, false, false);
  }

  /** Also these taps. */
  public MethodNeeds taps(Set<String> ofStudent, Set<String> ofTeacher) {
    return new MethodNeeds(
        teacher,
        ofStudent,
        ofTeacher,
        teacherClassifier,
        studentClassifier,
        sameEmbeddingSize,
        saliency,
        studentAwareTeacher);
  }

  /** Also the teacher's class weights, if {@code needed}. */
  public MethodNeeds teacherClassifier(boolean needed) {
    return new MethodNeeds(
        teacher,
        studentTaps,
        teacherTaps,
        needed,
        studentClassifier,
        sameEmbeddingSize,
        saliency,
        studentAwareTeacher);
  }

  /** Also the class weights of the student's head, if {@code needed}. */
  public MethodNeeds studentClassifier(boolean needed) {
    return new MethodNeeds(
        teacher,
        studentTaps,
        teacherTaps,
        teacherClassifier,
        needed,
        sameEmbeddingSize,
        saliency,
        studentAwareTeacher);
  }

  /** Also embeddings of one width, if {@code needed}. */
  public MethodNeeds sameEmbeddingSize(boolean needed) {
    return new MethodNeeds(
        teacher,
        studentTaps,
        teacherTaps,
        teacherClassifier,
        studentClassifier,
        needed,
        saliency,
        studentAwareTeacher);
  }

  /** Also the teacher's saliency map, if {@code needed}. */
  public MethodNeeds saliency(boolean needed) {
    return new MethodNeeds(
        teacher,
        studentTaps,
        teacherTaps,
        teacherClassifier,
        studentClassifier,
        sameEmbeddingSize,
        needed,
        studentAwareTeacher);
  }

  /**
   * Also a teacher trained on the frozen class weights of a network like the student, if {@code
   * needed}.
   */
  public MethodNeeds studentAwareTeacher(boolean needed) {
    return new MethodNeeds(
        teacher,
        studentTaps,
        teacherTaps,
        teacherClassifier,
        studentClassifier,
        sameEmbeddingSize,
        saliency,
        needed);
  }

  /**
   * Whether a tap that is read of the teacher has places, as maps {@code (C, H, W)} and tokens
   * {@code (N, d)} have, so that it belongs to one view of the face.
   *
   * @param offered shapes of the teacher's taps without batch axis
   */
  public boolean placed(Map<String, Shape> offered) {
    return teacherTaps.stream()
        .map(offered::get)
        .anyMatch(shape -> shape != null && shape.dimension() > 1);
  }

  /** What is needed of the student alone. */
  public MethodNeeds ofStudent() {
    return none().taps(studentTaps, Set.of()).studentClassifier(studentClassifier);
  }

  /**
   * The needs of two methods that train one student together.
   *
   * @throws IllegalArgumentException if one takes a constant teacher and the other trains its
   *     prompts
   */
  public MethodNeeds and(MethodNeeds other) {
    if (teacher != Teacher.NONE && other.teacher != Teacher.NONE && teacher != other.teacher) {
      throw new IllegalArgumentException(
          "one method takes a constant teacher, another trains its prompts");
    }
    return new MethodNeeds(
        teacher == Teacher.NONE ? other.teacher : teacher,
        union(studentTaps, other.studentTaps),
        union(teacherTaps, other.teacherTaps),
        teacherClassifier || other.teacherClassifier,
        studentClassifier || other.studentClassifier,
        sameEmbeddingSize || other.sameEmbeddingSize,
        saliency || other.saliency,
        studentAwareTeacher || other.studentAwareTeacher);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return Set.copyOf(both);
  }
}

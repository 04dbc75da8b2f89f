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
 * @param needs what else
 */
public record MethodNeeds(
    Teacher teacher, Set<String> studentTaps, Set<String> teacherTaps, Set<Need> needs) {

  /** How the teacher takes part in a step. */
  public enum Teacher {
    /** Not at all. */
    NONE,
    /** As a constant: cached outputs serve. */
    CONSTANT,
    /** Live with trainable prompts: gradients reach the prompts. */
    PROMPTED
  }

  /** What a method may need beside embeddings and taps. */
  public enum Need {
    /** The teacher's class weights {@code (C, d)}. */
    TEACHER_CLASSIFIER,
    /** The class weights of the student's own head; its identity weight must be above 0. */
    STUDENT_CLASSIFIER,
    /** Student and teacher embeddings of one width. */
    SAME_EMBEDDING_SIZE,
    /** The teacher's saliency map. */
    SALIENCY,
    /** A teacher trained on the frozen class weights of a network like the student. */
    STUDENT_AWARE_TEACHER
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
    return new MethodNeeds(teacher, Set.of(), Set.of(), Set.of());
  }

  /** Also these taps. */
  public MethodNeeds taps(Set<String> ofStudent, Set<String> ofTeacher) {
    return new MethodNeeds(teacher, ofStudent, ofTeacher, needs);
  }

  /** Also this. */
  public MethodNeeds with(Need need) {
    return with(need, true);
  }

  /** Also this, if {@code needed}. */
  public MethodNeeds with(Need need, boolean needed) {
    return needed
        ? new MethodNeeds(teacher, studentTaps, teacherTaps, union(needs, Set.of(need)))
        : this;
  }

  /** Whether this is needed. */
  public boolean has(Need need) {
    return needs.contains(need);
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
    return none()
        .taps(studentTaps, Set.of())
        .with(Need.STUDENT_CLASSIFIER, has(Need.STUDENT_CLASSIFIER));
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
        union(needs, other.needs));
  }

  private static <T> Set<T> union(Set<T> one, Set<T> other) {
    Set<T> both = new HashSet<>(one);
    both.addAll(other);
    return Set.copyOf(both);
  }
}

package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Refuses arrays that do not belong together, which broadcasting would silently stretch to another
 * loss.
 */
public final class MatchingShapes {
  private MatchingShapes() {}

  /**
   * Equal shapes.
   *
   * @throws IllegalArgumentException naming both shapes
   */
  public static void require(NDArray student, NDArray teacher) {
    if (!student.getShape().equals(teacher.getShape())) {
      throw refused(student, teacher, "must have one shape");
    }
  }

  /**
   * Equal batches of vectors; widths may differ.
   *
   * @throws IllegalArgumentException naming both shapes
   */
  public static void requireBatch(NDArray student, NDArray teacher) {
    Shape one = student.getShape();
    Shape other = teacher.getShape();
    if (one.dimension() != 2 || other.dimension() != 2 || one.get(0) != other.get(0)) {
      throw refused(student, teacher, "must be batches of vectors of one length");
    }
  }

  private static IllegalArgumentException refused(NDArray student, NDArray teacher, String what) {
    return new IllegalArgumentException(
        "student %s and teacher %s %s".formatted(student.getShape(), teacher.getShape(), what));
  }
}

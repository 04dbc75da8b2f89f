package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.StepInputs;
import io.facet.models.prompt.PromptSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A feature map of the student beside one of the teacher. Tokens count as a map when they form a
 * square; prompts among them are left out.
 *
 * @param studentTap name of the student's tap
 * @param teacherTap name of the teacher's tap
 * @param student the student's map, {@code (C, H, W)}
 * @param teacher the teacher's map, {@code (C', H', W')}
 */
public record MapPair(String studentTap, String teacherTap, Shape student, Shape teacher) {

  /** The needs of a method that compares these taps of a constant teacher. */
  public static MethodNeeds needs(List<String> studentTaps, List<String> teacherTaps) {
    return MethodNeeds.constantTeacher().taps(Set.copyOf(studentTaps), Set.copyOf(teacherTaps));
  }

  /**
   * Taps paired by their place in both lists.
   *
   * @param method key, for the message
   * @throws RecipeException if the lists differ in length or a tap is not a square map
   */
  public static List<MapPair> of(
      String method, List<String> studentTaps, List<String> teacherTaps, OutputShapes shapes) {
    if (studentTaps.size() != teacherTaps.size() || studentTaps.isEmpty()) {
      throw new RecipeException(
          "%s pairs taps by their place: studentTaps has %d, teacherTaps %d"
              .formatted(method, studentTaps.size(), teacherTaps.size()));
    }
    List<MapPair> pairs = new ArrayList<>();
    for (int i = 0; i < studentTaps.size(); i++) {
      String student = studentTaps.get(i);
      String teacher = teacherTaps.get(i);
      pairs.add(
          new MapPair(
              student,
              teacher,
              map(method, "student", student, shapes.studentTaps(), 0),
              map(method, "teacher", teacher, shapes.teacherTaps(), shapes.promptTokens())));
    }
    return pairs;
  }

  private static Shape map(
      String method, String side, String tap, Map<String, Shape> taps, int promptTokens) {
    Shape shape = taps.get(tap);
    if (shape == null) {
      throw new RecipeException(
          "%s reads the %s's tap '%s', which offers %s"
              .formatted(method, side, tap, taps.keySet()));
    }
    if (shape.dimension() == 3 && shape.get(1) == shape.get(2)) {
      return shape;
    }
    if (shape.dimension() == 2) {
      long tokens = shape.get(0) - (tap.equals(PromptSet.TAP) ? promptTokens : 0);
      long edge = Math.round(Math.sqrt(tokens));
      if (edge > 0 && edge * edge == tokens) {
        return new Shape(shape.get(1), edge, edge);
      }
    }
    throw new RecipeException(
        "%s needs square feature maps, but the %s's tap '%s' has the shape %s"
            .formatted(method, side, tap, shape));
  }

  /** The student's map in this step, {@code (B, C, H, W)}. */
  public NDArray student(StepInputs inputs) {
    return map(inputs.student().tap(studentTap), student);
  }

  /** The teacher's map in this step, {@code (B, C', H', W')}, as a constant. */
  public NDArray teacher(StepInputs inputs) {
    return map(inputs.teacher().tap(teacherTap).stopGradient(), teacher);
  }

  private static NDArray map(NDArray tap, Shape map) {
    if (tap.getShape().dimension() == 4) {
      return tap;
    }
    long cells = map.get(1) * map.get(2);
    return tap.get(":, :{}", cells)
        .transpose(0, 2, 1)
        .reshape(new Shape(tap.getShape().get(0)).addAll(map));
  }
}

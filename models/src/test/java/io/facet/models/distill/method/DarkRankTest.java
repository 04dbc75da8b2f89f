package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class DarkRankTest extends MethodContract {
  DarkRankTest() {
    super("darkrank");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{permutationLength: 2, beta: 1}");
  }

  /** Confident ranking goes on past the teacher's own distances. */
  @Override
  protected boolean teacherIsMinimum() {
    return false;
  }
}

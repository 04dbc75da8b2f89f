package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

/** The teacher's head with labels instead of its output. */
class ThKdOnLabelsTest extends MethodContract {
  ThKdOnLabelsTest() {
    super("th-kd");
  }

  @Override
  protected List<String> options() {
    return List.of("{thTarget: hard, thWeight: 0.01}");
  }

  @Override
  protected boolean teacherIsMinimum() {
    return false;
  }
}

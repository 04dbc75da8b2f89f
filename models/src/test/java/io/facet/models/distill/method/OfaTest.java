package io.facet.models.distill.method;

import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.StageDefaults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfaTest extends MethodContract {
  private static final String ALONE = "{branches: []}";
  private static final String BRANCHES = "{branches: [stage1, stage2], logitScale: 16}";

  OfaTest() {
    super("ofa");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", ALONE, "{power: 1.5, temperature: 4}", BRANCHES);
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "stage1",
        new Shape(2, 16, 16),
        "stage2",
        new Shape(9, 5),
        "stage3",
        new Shape(4, 3, 3),
        "last",
        new Shape(3, 2, 2));
  }

  @Override
  protected boolean teacherIsMinimum(String options) {
    return options.equals(ALONE);
  }

  @Override
  protected boolean minimumIsZero() {
    return false;
  }

  @Test
  void bareItTeachesTheStagesOfEveryBackbone() {
    StageDefaults.assertServedByEveryBackbone("ofa");
  }
}

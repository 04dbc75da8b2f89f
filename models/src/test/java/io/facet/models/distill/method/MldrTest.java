package io.facet.models.distill.method;

import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.StageDefaults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MldrTest extends MethodContract {
  MldrTest() {
    super("mldr");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{branches: []}",
        "{classes: 2, logitScale: 64, branches: []}",
        "{inputs: embeddings, branches: []}",
        "{branches: [stage1, stage2]}",
        "{inputs: embeddings, branches: [stage2]}");
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
    return options.contains("branches: []");
  }

  @Test
  void bareItTeachesTheStagesOfEveryBackbone() {
    StageDefaults.assertServedByEveryBackbone("mldr");
  }
}

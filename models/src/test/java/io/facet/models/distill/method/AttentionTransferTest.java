package io.facet.models.distill.method;

import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import java.util.List;
import java.util.Map;

class AttentionTransferTest extends MethodContract {
  AttentionTransferTest() {
    super("at");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{studentTaps: [stage2], teacherTaps: [stage2], power: 3}",
        "{studentTaps: [last], teacherTaps: [last]}");
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "stage2", new Shape(3, 4, 4), "stage3", new Shape(5, 2, 2), "last", new Shape(9, 5));
  }
}

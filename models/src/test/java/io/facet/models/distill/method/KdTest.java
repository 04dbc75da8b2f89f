package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class KdTest extends MethodContract {
  KdTest() {
    super("kd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{logitMargin: 0.4}",
        "{temperature: 1, logitScale: 16}",
        "{identitySampleRate: 0.5, logitMargin: 0.4}");
  }
}

package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class PktTest extends MethodContract {
  PktTest() {
    super("pkt");
  }

  @Override
  protected List<String> options() {
    return List.of("{weight: 1}", "{weight: 1, epsilon: 1.0e-5}");
  }
}

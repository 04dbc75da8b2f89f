package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class RawL2Test extends MethodContract {
  RawL2Test() {
    super("l2");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{normalise: true, reduction: sum}", "{normalise: true, reduction: mean}");
  }
}

package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class RkdTest extends MethodContract {
  RkdTest() {
    super("rkd");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{relationBatch: 3, angleWeight: 0}");
  }

  /** The first samples of a batch are compared when it is larger than the limit. */
  @Override
  protected boolean orderMatters() {
    return true;
  }
}

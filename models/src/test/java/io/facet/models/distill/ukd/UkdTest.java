package io.facet.models.distill.ukd;

import io.facet.models.distill.MethodContract;
import java.util.List;

class UkdTest extends MethodContract {
  UkdTest() {
    super("ukd");
  }

  @Override
  protected List<String> options() {
    return List.of("{capacity: 20, k: 3}", "{lamI: 0}", "{lamR: 0, lamI: 10}");
  }
}

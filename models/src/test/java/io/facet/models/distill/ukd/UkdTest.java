package io.facet.models.distill.ukd;

import io.facet.models.distill.MethodContract;
import java.util.List;

class UkdTest extends MethodContract {
  UkdTest() {
    super("ukd");
  }

  @Override
  protected List<String> options() {
    return List.of("{capacity: 20, k: 3}", "{iledWeight: 0}", "{rpsdWeight: 0, iledWeight: 10}");
  }
}

package io.facet.models.distill.ukd;

import io.facet.models.distill.MethodContract;
import java.util.List;

class IledTest extends MethodContract {
  IledTest() {
    super("iled");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}", "{hardMining: topk, rhoStart: 0.5}", "{hardMining: none}", "{kappa: 3, momentum: 0}");
  }
}

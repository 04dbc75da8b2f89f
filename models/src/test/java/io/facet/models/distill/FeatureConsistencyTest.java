package io.facet.models.distill;

import java.util.List;

class FeatureConsistencyTest extends MethodContract {
  FeatureConsistencyTest() {
    super("feature-consistency");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{\"form\": \"cos\"}");
  }
}

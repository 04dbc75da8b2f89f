package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class FeatureConsistencyTest extends MethodContract {
  FeatureConsistencyTest() {
    super("feature-consistency");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{form: cos}");
  }
}

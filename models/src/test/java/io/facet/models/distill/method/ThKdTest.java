package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class ThKdTest extends MethodContract {
  ThKdTest() {
    super("th-kd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{thWeight: 1, featureWeight: 0, kdWeight: 1.5, studentHead: initialised}",
        "{normalised: false, thWeight: 1, temperature: 1, adapter: {}}");
  }
}

package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class SimilarityPreservingTest extends MethodContract {
  SimilarityPreservingTest() {
    super("sp");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{normalise: features}", "{studentFeature: last, teacherFeature: last}");
  }
}

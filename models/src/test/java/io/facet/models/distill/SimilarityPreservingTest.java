package io.facet.models.distill;

import java.util.List;

class SimilarityPreservingTest extends MethodContract {
  SimilarityPreservingTest() {
    super("sp");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{\"normalise\": \"features\"}",
        "{\"studentFeature\": \"last\", \"teacherFeature\": \"last\"}");
  }
}

package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

class MldrTest extends MethodContract {
  MldrTest() {
    super("mldr");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{\"classes\": 2, \"logitScale\": 64}",
        "{\"inputs\": \"embeddings\"}",
        "{\"branches\": [\"wide\", \"tokens\", \"last\"]}",
        "{\"inputs\": \"embeddings\", \"branches\": [\"tokens\"]}");
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "wide", new Shape(2, 16, 16), "tokens", new Shape(9, 5), "last", new Shape(4, 3, 3));
  }

  @Override
  protected boolean teacherIsMinimum(String options) {
    return !options.contains("branches");
  }
}

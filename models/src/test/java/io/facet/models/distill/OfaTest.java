package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

class OfaTest extends MethodContract {
  private static final String BRANCHES =
      "{\"branches\": [\"wide\", \"tokens\", \"last\"], \"logitScale\": 16}";

  OfaTest() {
    super("ofa");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{\"power\": 1.5, \"temperature\": 4}", BRANCHES);
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "wide", new Shape(2, 16, 16), "tokens", new Shape(9, 5), "last", new Shape(4, 3, 3));
  }

  @Override
  protected boolean teacherIsMinimum(String options) {
    return options.equals("{}");
  }

  @Override
  protected boolean minimumIsZero() {
    return false;
  }
}

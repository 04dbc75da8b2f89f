package io.facet.models.distill.ukd;

import io.facet.models.distill.MethodContract;
import java.util.List;

class UkdTest extends MethodContract {
  UkdTest() {
    super("ukd");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{\"lamI\": 0}", "{\"lamR\": 0, \"lamI\": 10}");
  }
}

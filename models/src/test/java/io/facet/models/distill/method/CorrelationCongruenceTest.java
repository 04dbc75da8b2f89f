package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class CorrelationCongruenceTest extends MethodContract {
  CorrelationCongruenceTest() {
    super("cc");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{terms: 4, gamma: 1}", "{variant: repdistiller}");
  }

  /** Neighbours are paired by one of the variants. */
  @Override
  protected boolean orderMatters() {
    return true;
  }

  @Override
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    Map<String, float[]> matched = new LinkedHashMap<>(adapters);
    matched.replaceAll((name, values) -> adapters.get(name.replace("teacher.", "student.")));
    return matched;
  }
}

package io.facet.models.distill.cakd;

import io.facet.models.distill.MethodContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class CakdTest extends MethodContract {
  private static final String STAGED =
      "{\"locals\": 9, \"width\": 8, \"heads\": 2, \"prompts\": \"staged\", %s}";

  CakdTest() {
    super("cakd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        STAGED.formatted("\"pePlacement\": \"query\""),
        STAGED.formatted("\"pePlacement\": \"key\""),
        STAGED.formatted("\"faceDistance\": \"sd\", \"anchor\": \"nose\""),
        STAGED.formatted("\"faceDistance\": \"none\""));
  }

  @Override
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    Map<String, float[]> values = new LinkedHashMap<>(adapters);
    values.put("studentProjection", values.get("teacherProjection"));
    return values;
  }
}

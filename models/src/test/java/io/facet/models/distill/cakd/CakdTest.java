package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodContract;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CakdTest extends MethodContract {
  private static final String STAGED =
      "{locals: 9, width: 8, heads: 2, prompts: staged, reconstructionWeight: 0, %s}";

  CakdTest() {
    super("cakd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        STAGED.formatted("pePlacement: query"),
        STAGED.formatted("pePlacement: key"),
        STAGED.formatted("faceDistance: sd, anchor: nose"),
        STAGED.formatted("faceDistance: none"),
        STAGED.formatted("mapping: pooling"),
        STAGED.formatted("form: ema"),
        STAGED.formatted("form: literal"));
  }

  /** It looks for collapse on both sides. */
  @Override
  protected int waitsInTenSteps(String options) {
    return 2;
  }

  @Override
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    Map<String, float[]> values = new LinkedHashMap<>(adapters);
    String teachers =
        values.containsKey("teacherProjection") ? "teacherProjection" : "shared.teacherProjection";
    values.put("studentProjection", values.get(teachers));
    return values;
  }

  @Test
  void optionsThatDoNotFitTogetherAreRefused() {
    assertThatThrownBy(() -> select("{width: 10, heads: 4}"))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("width 10 is not a multiple of heads 4");
    assertThatThrownBy(() -> select("{form: literal, mapping: pooling}"))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("choose form anchored or mapping urfm");
  }

  private static void select(String options) {
    RecordBinder.select(DistillationMethod.class, "cakd", Yaml.json(options));
  }
}

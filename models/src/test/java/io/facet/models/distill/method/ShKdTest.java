package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShKdTest extends MethodContract {
  ShKdTest() {
    super("sh-kd");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{methods: [{iled: {}}, {rpsd: {k: 2}}]}");
  }

  @Test
  void asksForAStudentAwareTeacher() {
    Selected<DistillationMethod<?>> method =
        RecordBinder.select(DistillationMethod.class, "sh-kd", Yaml.json("{methods: [kd]}"));

    assertThat(ChosenMethod.of(method).needs())
        .isEqualTo(
            MethodNeeds.constantTeacher()
                .with(Need.TEACHER_CLASSIFIER)
                .with(Need.STUDENT_CLASSIFIER)
                .with(Need.STUDENT_AWARE_TEACHER));
  }
}

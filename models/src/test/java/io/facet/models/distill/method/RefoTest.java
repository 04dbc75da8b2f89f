package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodContract;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import org.junit.jupiter.api.Test;

class RefoTest extends MethodContract {
  RefoTest() {
    super("refo");
  }

  @Test
  void trainsWithoutIdentities() {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, "refo", "{}");

    assertThat(ChosenMethod.of(selected).identityWeight()).isZero();
  }
}

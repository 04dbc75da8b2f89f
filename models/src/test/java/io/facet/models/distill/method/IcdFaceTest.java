package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Features;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IcdFaceTest extends MethodContract {
  IcdFaceTest() {
    super("icd-face");
  }

  @Override
  protected List<String> options() {
    return List.of("{binWidth: 0.01}", "{bank: 1, validSteps: 2, binWidth: 0.1}");
  }

  private static IcdFace.Options options(String yaml) {
    return RecordBinder.bindJson(IcdFace.Options.class, Yaml.json(yaml));
  }

  @Test
  void theDivergenceIsThatOfTheSoftHistograms() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDManager manager = scope.manager();
      NDArray student = manager.create(new float[] {0.5f, 0, 9});
      NDArray teacher = manager.create(new float[] {1, 1, 9});
      NDArray counts = manager.create(new float[] {1, 1, 0});

      // nodes -1, 0 and 1
      NDArray loss =
          IcdFace.divergence(student, teacher, counts, options("{binWidth: 1, gamma: 1}"));

      double[] s = {
        Math.exp(-2.25) + Math.exp(-1), Math.exp(-0.25) + 1, Math.exp(-0.25) + Math.exp(-1)
      };
      double[] t = {2 * Math.exp(-4), 2 * Math.exp(-1), 2};
      double ofStudent = s[0] + s[1] + s[2];
      double ofTeacher = t[0] + t[1] + t[2];
      double expected = 0;
      for (int i = 0; i < 3; i++) {
        expected += t[i] / ofTeacher * Math.log(t[i] / ofTeacher / (s[i] / ofStudent));
      }
      assertThat(loss.getFloat()).isCloseTo((float) expected, within(1e-5f));
      assertThat(IcdFace.divergence(student, teacher, counts.mul(0), options("{}")).getFloat())
          .isZero();
    }
  }

  private static MethodSetup setup(NDManager manager, int classes) {
    return new MethodSetup(
        manager,
        1,
        classes,
        2,
        2,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        10,
        sample -> 0);
  }

  private static StepInputs inputs(TensorScope scope, long step, long label, float... student) {
    NDManager manager = scope.manager();
    NDArray teacher = manager.create(new float[] {1, 0}, new Shape(1, 2));
    return new StepInputs(
        new Features(manager.create(student, new Shape(1, 2)), Map.of()),
        new Features(teacher, Map.of()),
        manager.create(new long[] {label}),
        null,
        null,
        step,
        100,
        10);
  }

  private static float similarity(MethodSession session, StepInputs inputs) {
    return session.losses(inputs).terms().get("similarity").value().getFloat();
  }

  @Test
  void comparesPairsOfOneIdentityForAsLongAsTheyAreValid() {
    try (NDManager manager = Torch.newManager();
        MethodSession session =
            new IcdFace().open(options("{validSteps: 3, bank: 2}"), setup(manager, 3))) {
      session.initialise(manager, 1);
      try (TensorScope scope = TensorScope.training(manager, session)) {
        StepInputs first = inputs(scope, 0, 1, 1, 0);
        assertThat(similarity(session, first)).isZero();
        session.afterStep(first);

        assertThat(similarity(session, inputs(scope, 1, 2, 0, 1))).as("another identity").isZero();
        assertThat(similarity(session, inputs(scope, 1, 1, 0, 1))).isGreaterThan(0.1f);
        assertThat(similarity(session, inputs(scope, 1, 1, 5, 0))).isBetween(-1e-5f, 1e-5f);
        assertThat(similarity(session, inputs(scope, 3, 1, 0, 1))).isGreaterThan(0.1f);
        assertThat(similarity(session, inputs(scope, 4, 1, 0, 1))).as("too old").isZero();

        session.afterStep(inputs(scope, 4, 1, 0, 1));
        session.afterStep(inputs(scope, 5, 1, 0, 1));
        assertThat(session.state().get("taken")).containsExactly(0, 3, 0);
        assertThat(session.save().get("bank.student"))
            .as("the newest in the place of the oldest")
            .containsExactly(0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0);
      }
    }
  }

  @Test
  void aBankThatIsTooLargeIsRefused() {
    try (NDManager manager = Torch.newManager()) {
      assertThatThrownBy(
              () ->
                  new IcdFace().open(options("{memoryLimitMegabytes: 1}"), setup(manager, 100_000)))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("needs 10 MB, more than memoryLimitMegabytes: 1");
    }
  }
}

package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoupleFaceTest extends MethodContract {
  CoupleFaceTest() {
    super("coupleface");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{featureWeight: 0, relations: 1}");
  }

  private static NDArray rows(NDManager manager, int width, float... values) {
    return manager.create(values, new Shape(values.length / width, width));
  }

  @Test
  void minesTheMostSimilarSeenIdentitiesButNotItsOwn() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray means = rows(scope.manager(), 2, 1, 0, 0.8f, 0.6f, 0, 0, 0, 1, -1, 0);
      NDArray labels = scope.manager().create(new long[] {0, 2});

      CoupleFace.Relations two = CoupleFace.mine(means, labels, 2);
      CoupleFace.Relations all = CoupleFace.mine(means, labels, 100);

      assertThat(two.directions().get(0).toFloatArray()).containsExactly(0.8f, 0.6f, 0, 1);
      assertThat(two.usable().toFloatArray()).containsExactly(1, 1, 0, 0);
      assertThat(all.usable().toFloatArray()).containsExactly(1, 1, 1, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void theRelationTermIsTheMeanDifferenceOfCosines() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = rows(scope.manager(), 2, 2, 0);
      NDArray teacher = rows(scope.manager(), 2, 0, 3);
      NDArray references = rows(scope.manager(), 2, 0.8f, 0.6f, 1, 0, 0, 1).expandDims(0);
      NDArray usable = rows(scope.manager(), 3, 1, 1, 0);

      NDArray loss =
          CoupleFace.relation(student, teacher, new CoupleFace.Relations(references, usable));

      // |0.8 - 0.6| and |1 - 0|
      assertThat(loss.getFloat()).isEqualTo(0.6f, within(1e-6f));
    }
  }

  @Test
  void relatesToIdentitiesOfEarlierStepsOnly() {
    CoupleFace.Options options = new CoupleFace.Options(1, 1, 16, 1, AdapterOptions.DEFAULT);
    try (NDManager manager = Torch.newManager();
        MethodSession session =
            new CoupleFace()
                .open(
                    options,
                    new MethodSetup(
                        manager,
                        1,
                        3,
                        2,
                        2,
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        10,
                        sample -> 0))) {
      session.initialise(manager, 1);
      try (TensorScope scope = TensorScope.training(manager, session)) {
        NDArray student = rows(scope.manager(), 2, 1, 1, 1, 0, -1, 1);
        NDArray teacher = rows(scope.manager(), 2, 4, 0, 0, 2, 0, 2);
        student.setRequiresGradient(true);
        StepInputs inputs =
            new StepInputs(
                new Features(student, Map.of()),
                new Features(teacher, Map.of()),
                scope.manager().create(new long[] {0, 2, 2}),
                null,
                null,
                0,
                10,
                5);
        assertThat(relation(session, inputs)).isZero();

        session.afterStep(inputs);

        assertThat(session.save().get("means.sums")).containsExactly(1, 0, 0, 0, 0, 2);
        // cosines to identity 2: 0.707 and 0; to identity 0: 1 and 0, -0.707 and 0
        assertThat(relation(session, inputs))
            .isEqualTo((0.70711f + 1 + 0.70711f) / 3, within(1e-4f));
      }
    }
  }

  private static float relation(MethodSession session, StepInputs inputs) {
    return session.losses(inputs).terms().get("relation").value().getFloat();
  }
}

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
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class QudTest extends MethodContract {
  QudTest() {
    super("qud");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{queueSize: 3, temperature: 0.07}");
  }

  @Override
  protected boolean minimumIsZero() {
    return false;
  }

  @Test
  void theQueueBeginsWithUnitRows() {
    float[] rows = Qud.unitRows(new Shape(5, 4), RandomGenerator.of("L64X128MixRandom"));

    for (int row = 0; row < 5; row++) {
      double squares = 0;
      for (int i = 0; i < 4; i++) {
        squares += rows[row * 4 + i] * rows[row * 4 + i];
      }
      assertThat(squares).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void anImageInTheQueueIsNoOtherFaceToItself() {
    Qud.Options options = new Qud.Options(1, 0.1, 4, 0, AdapterOptions.DEFAULT);
    try (NDManager manager = Torch.newManager();
        MethodSession session = new Qud().open(options, setup(manager))) {
      session.initialise(manager, 1);
      try (TensorScope scope = TensorScope.inference(manager, session)) {
        StepInputs inputs = inputs(scope.manager(), 1, 2, 3, 4);
        session.afterStep(inputs);
        float known = session.losses(inputs).terms().get("contrast").value().getFloat();
        StepInputs twins = inputs(scope.manager(), 5, 6, 7, 8);
        float strangers = session.losses(twins).terms().get("contrast").value().getFloat();

        // embeddings are the four axes: its own row at 1, three others at 0
        double others = 3 * Math.exp(-1 / 0.1);
        assertThat((double) known).isCloseTo(Math.log(1 + others), within(1e-5));
        assertThat((double) strangers).isCloseTo(Math.log(2 + others), within(1e-5));
      }
    }
  }

  private static StepInputs inputs(NDManager manager, long... images) {
    Features axes = new Features(manager.eye(4), Map.of());
    NDArray labels = manager.create(new long[4]);
    return new StepInputs(axes, axes, labels, manager.create(images), null, 0, 1, 1);
  }

  private static MethodSetup setup(NDManager manager) {
    return new MethodSetup(
        manager,
        1,
        1,
        4,
        4,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        9,
        image -> 0);
  }
}

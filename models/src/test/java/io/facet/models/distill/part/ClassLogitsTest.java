package io.facet.models.distill.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassLogitsTest {
  private static final int CLASSES = 20;
  private static final int WIDTH = 4;
  private static final long[] LABELS = {3, 17, 3};

  @Test
  void aSampleHoldsTheBatchsOwnClassesAndOthersBySeedAndStep() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      ClassLogits logits = new ClassLogits(setup(base, 1), 16, 0.4);
      StepInputs inputs = inputs(scope.manager(), 5);
      ClassLogits.Pair all = logits.of(inputs, 1);
      ClassLogits.Pair some = logits.of(inputs, 0.39);

      assertThat(all.student().getShape()).isEqualTo(new Shape(3, CLASSES));
      assertThat(all.labels().toLongArray()).containsExactly(LABELS);
      assertThat(some.student().getShape()).isEqualTo(new Shape(3, 8));
      long[] places = some.labels().toLongArray();
      for (int row = 0; row < LABELS.length; row++) {
        for (boolean student : new boolean[] {true, false}) {
          float[] whole = (student ? all.student() : all.teacher()).get(row).toFloatArray();
          float[] drawn = (student ? some.student() : some.teacher()).get(row).toFloatArray();
          assertThat(drawn[(int) places[row]]).isEqualTo(whole[(int) LABELS[row]], within(1e-4f));
          for (float value : drawn) {
            assertThat(Arrays.stream(boxed(whole)).anyMatch(w -> Math.abs(w - value) < 1e-4))
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void theDrawDependsOnSeedAndStepAlone() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      List<float[]> draws = new ArrayList<>();
      for (int[] seedAndStep : new int[][] {{1, 5}, {1, 5}, {1, 6}, {2, 5}}) {
        ClassLogits logits = new ClassLogits(setup(base, seedAndStep[0]), 16, 0);
        draws.add(
            logits
                .of(inputs(scope.manager(), seedAndStep[1]), 0.4)
                .student()
                .stopGradient()
                .toFloatArray());
      }

      assertThat(draws.get(1)).isEqualTo(draws.get(0));
      assertThat(draws.get(2)).isNotEqualTo(draws.get(0));
      assertThat(draws.get(3)).isNotEqualTo(draws.get(0));
    }
  }

  private static Double[] boxed(float[] values) {
    Double[] boxed = new Double[values.length];
    Arrays.setAll(boxed, i -> (double) values[i]);
    return boxed;
  }

  private static StepInputs inputs(NDManager manager, long step) {
    Features student = new Features(rows(manager, 3, LABELS.length), Map.of());
    Features teacher = new Features(rows(manager, 4, LABELS.length), Map.of());
    NDArray classes = rows(manager, 5, CLASSES);
    NDArray labels = manager.create(LABELS);
    return new StepInputs(
        student, teacher, labels, manager.create(new long[] {0, 1, 2}), classes, step, 10, 5);
  }

  private static NDArray rows(NDManager manager, long seed, int count) {
    return manager.create(values(seed, count * WIDTH), new Shape(count, WIDTH));
  }

  private static float[] values(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static MethodSetup setup(NDManager manager, long seed) {
    return new MethodSetup(
        manager,
        seed,
        CLASSES,
        WIDTH,
        WIDTH,
        Map.of(),
        Map.of(),
        Optional.of(values(6, CLASSES * WIDTH)),
        Optional.empty(),
        0,
        100,
        sample -> sample % CLASSES);
  }
}

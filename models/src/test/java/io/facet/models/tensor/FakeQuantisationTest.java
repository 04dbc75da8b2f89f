package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeQuantisationTest {
  private final NDManager manager = Torch.newManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void activationsAreRoundedToStepsOfTheRange() {
    // steps of 0.5 from -1 to 126.5
    NDArray x = manager.create(new float[] {-2, -1, -0.3f, 0, 0.2f, 0.25f, 0.75f, 126.4f, 200});
    assertThat(FakeQuantisation.activations(x, 0.5f, 2).toFloatArray())
        .containsExactly(-1, -1, -0.5f, 0, 0, 0, 1, 126.5f, 126.5f);
  }

  @Test
  void gradientsPassWithinTheRangeAndStopBeyondIt() {
    NDArray x = manager.create(new float[] {-2, -0.3f, 0.2f, 200});
    x.setRequiresGradient(true);
    try (TensorScope scope = TensorScope.training(manager)) {
      NDArray rounded = FakeQuantisation.activations(x, 0.5f, 2);
      scope.backward(rounded.mul(manager.create(new float[] {1, 2, 3, 4})).sum());
      assertThat(x.getGradient().toFloatArray()).containsExactly(0, 2, 3, 0);
    }
  }

  @Test
  void eachRowOfWeightsHasItsScale() {
    NDArray w = manager.create(new float[] {0.5f, -1.27f, 63.4f, 127, 0, 0}, new Shape(3, 2));
    NDArray scales = FakeQuantisation.weightScales(w, 127);
    assertThat(scales.toFloatArray()).containsExactly(1.27f / 127, 1, 1);
    assertThat(FakeQuantisation.rows(w, scales, 127).toFloatArray())
        .containsExactly(0.5f, -1.27f, 63, 127, 0, 0);
  }

  @Test
  void theMiddleLeavesAsManyNumbersOutAtBothEnds() {
    NDArray x = manager.arange(0f, 2000f).reshape(2, 10, 100);
    assertThat(FakeQuantisation.middle(x, 1, 100)).containsExactly(0, 999);
    assertThat(FakeQuantisation.middle(x, 1, 99)).containsExactly(5, 994);
    assertThat(FakeQuantisation.middle(x, 4, 99)).containsExactly(10, 1989);
  }

  @Test
  void aFoldedLayerComputesWhatLayerAndNormalisationDo() {
    NDArray w = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
    NDArray factor =
        FakeQuantisation.foldFactor(
            manager.create(new float[] {2, 3}), manager.create(new float[] {4, 9}), 0);
    assertThat(FakeQuantisation.foldWeight(w, factor).toFloatArray()).containsExactly(1, 2, 3, 4);
    NDArray bias =
        FakeQuantisation.foldBias(
            manager.create(new float[] {1, 1}),
            manager.create(new float[] {3, 0}),
            factor,
            manager.create(new float[] {10, 20}));
    assertThat(bias.toFloatArray()).containsExactly(8, 21);
  }
}

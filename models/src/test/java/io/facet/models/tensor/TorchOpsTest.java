package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TorchOpsTest {
  private NDManager base;
  private TensorScope scope;
  private NDManager manager;

  @BeforeEach
  void open() {
    base = Torch.newManager();
    scope = TensorScope.training(base);
    manager = scope.manager();
  }

  @AfterEach
  void close() {
    scope.close();
    base.close();
  }

  @Test
  void preluHasValuesAndGradients() {
    NDArray x = manager.create(new float[] {-2, 3, 4, -5}, new Shape(2, 2));
    NDArray slope = manager.create(new float[] {0.5f, 0.25f});
    x.setRequiresGradient(true);
    slope.setRequiresGradient(true);
    NDArray y = TorchOps.prelu(x, slope);
    assertThat(y.toFloatArray()).containsExactly(-1, 3, 4, -1.25f);
    scope.backward(y.sum());
    assertThat(x.getGradient().toFloatArray()).containsExactly(0.5f, 1, 1, 0.25f);
    assertThat(slope.getGradient().toFloatArray()).containsExactly(-2, -5);
  }

  @Test
  void resultsWithoutGradientsCanEnterALaterTrainingStep() {
    NDArray slope = manager.create(new float[] {0.5f});
    NDArray x;
    try (TensorScope inference = TensorScope.inference(base)) {
      NDArray input = inference.manager().create(new float[] {-2}, new Shape(1, 1));
      x = TorchOps.prelu(input, slope);
      x.attach(manager);
    }
    slope.setRequiresGradient(true);
    scope.backward(TorchOps.prelu(x, slope).sum());
    assertThat(slope.getGradient().toFloatArray()).containsExactly(-1);
  }

  @Test
  void resultsBelongToTheFirstArgument() {
    NDArray slope = base.create(new float[] {0.5f});
    NDArray x = manager.create(new float[] {-2}, new Shape(1, 1));
    assertThat(TorchOps.prelu(x, slope).getManager()).isSameAs(manager);
  }

  @Test
  void smallFormulasHold() {
    NDArray x = manager.create(new float[] {0, 1, 2, 3, 4, 8}, new Shape(2, 3));
    assertThat(TorchOps.variance(x, 1).toFloatArray())
        .containsExactly(new float[] {2f / 3, 14f / 3}, within(1e-6f));
    assertThat(TorchOps.roll(x, 1, 1).toFloatArray()).containsExactly(2, 0, 1, 8, 3, 4);
    assertThat(TorchOps.gelu(x).toFloatArray()[1]).isEqualTo(0.8413447f, within(1e-6f));
    NDArray labels = manager.create(new long[] {2, 0});
    double expected =
        (Math.log(1 + Math.exp(-1) + Math.exp(-2)) + Math.log(1 + Math.exp(1) + Math.exp(5))) / 2;
    assertThat(TorchOps.crossEntropy(x, labels).getFloat())
        .isEqualTo((float) expected, within(1e-5f));
    NDArray image = manager.randomNormal(new Shape(1, 3, 2, 2));
    assertThat(TorchOps.channelsLast(image).toFloatArray()).isEqualTo(image.toFloatArray());
  }

  @Test
  void clipScalesByTheNormOfAllGradients() {
    NDArray a = manager.create(new float[] {3});
    NDArray b = manager.create(new float[] {0, -4});
    assertThat(TorchOps.clipNorm(List.of(a, b), 1).getFloat()).isEqualTo(5);
    assertThat(a.toFloatArray()).containsExactly(new float[] {0.6f}, within(1e-6f));
    assertThat(b.toFloatArray()).containsExactly(new float[] {0, -0.8f}, within(1e-6f));
    TorchOps.clipNorm(List.of(a, b), 10);
    assertThat(a.toFloatArray()).containsExactly(new float[] {0.6f}, within(1e-6f));
    assertThat(a.getName()).isNull();
  }

  @Test
  void batchNormalisationUpdatesRunningStatisticsInTrainingOnly() {
    BatchNormalisation layer = new BatchNormalisation(1, false, 1e-5);
    layer.initialise(base, 1);
    scope.lend(layer);
    NDArray x = manager.create(new float[] {0, 2, 4, 6}, new Shape(4, 1));
    NDArray evaluated = layer.forward(x, false);
    assertThat(evaluated.toFloatArray()).containsExactly(new float[] {0, 2, 4, 6}, within(1e-4f));
    NDArray trained = layer.forward(x, true);
    assertThat(trained.mean().getFloat()).isEqualTo(0, within(1e-6f));
    assertThat(layer.runningMean().array().getFloat(0)).isEqualTo(0.3f, within(1e-6f));
    assertThat(layer.runningVariance().array().getFloat(0))
        .isEqualTo(0.9f + 0.1f * 20 / 3, within(1e-6f));
  }

  @Test
  void layersAgreeWithHandComputedNumbers() {
    Linear linear = new Linear(2, 1, true);
    linear.load(base, java.util.Map.of("weight", new float[] {2, 3}, "bias", new float[] {1}));
    LayerNormalisation norm = new LayerNormalisation(2, 0);
    norm.initialise(base, 1);
    Convolution depthwise = Convolution.of(2, 2, 1).groups(2).withBias().build();
    depthwise.load(
        base, java.util.Map.of("weight", new float[] {2, 3}, "bias", new float[] {0, 1}));
    scope.lend(linear, norm, depthwise);
    NDArray x = manager.create(new float[] {1, 5}, new Shape(1, 2));
    assertThat(linear.forward(x).toFloatArray()).containsExactly(18);
    assertThat(norm.forward(x).toFloatArray()).containsExactly(new float[] {-1, 1}, within(1e-5f));
    NDArray maps = x.reshape(1, 2, 1, 1);
    assertThat(depthwise.forward(maps).toFloatArray()).containsExactly(2, 16);
    assertThat(x.getDataType()).isEqualTo(DataType.FLOAT32);
  }
}

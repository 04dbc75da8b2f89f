package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LayerSequenceTest {
  private final List<Layer> layers = new ArrayList<>();
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
    layers.forEach(Layer::close);
    scope.close();
    base.close();
  }

  private <L extends Layer> L layer(L layer) {
    layer.initialise(base, layers.size());
    layer.lend(manager);
    layers.add(layer);
    return layer;
  }

  @Test
  void layersOfImagesGiveTheBitsOfTheirOwnForward() {
    Convolution kernel = layer(Convolution.of(8, 8, 3).stride(2).padding(1).groups(4).build());
    Convolution places = layer(Convolution.of(8, 16, 1).stride(2).build());
    BatchNormalisation first = layer(new BatchNormalisation(8));
    BatchNormalisation second = layer(new BatchNormalisation(16, false, 1e-3));
    PRelu slopes = layer(new PRelu(8));
    NDArray x = manager.randomNormal(new Shape(4, 8, 9, 9));
    for (boolean training : new boolean[] {true, false}) {
      NDArray actual =
          new LayerSequence(training)
              .channelsLast()
              .then(kernel)
              .then(first)
              .then(slopes)
              .then(places)
              .then(second)
              .relu6()
              .relu()
              .run(x);
      List<float[]> statistics = List.of(values(first.runningMean()), values(second.runningMean()));
      reset(first);
      reset(second);
      NDArray y = TorchOps.channelsLast(x);
      y = slopes.forward(first.forward(kernel.forward(y), training));
      y = second.forward(places.forward(y), training);
      assertThat(actual.toFloatArray()).isEqualTo(TorchOps.relu(TorchOps.relu6(y)).toFloatArray());
      assertThat(statistics.get(0)).isEqualTo(values(first.runningMean()));
      assertThat(statistics.get(1)).isEqualTo(values(second.runningMean()));
      reset(first);
      reset(second);
    }
  }

  private static float[] values(Weight weight) {
    return weight.array().toFloatArray();
  }

  private void reset(BatchNormalisation layer) {
    Map<String, float[]> values = layer.save();
    java.util.Arrays.fill(values.get("running_mean"), 0);
    java.util.Arrays.fill(values.get("running_var"), 1);
    layer.load(manager, values);
  }

  @Test
  void frozenStatisticsStayInTraining() {
    BatchNormalisation layer = layer(new BatchNormalisation(3));
    layer.freezeStatistics();
    NDArray x = manager.randomNormal(new Shape(4, 3, 2, 2));
    new LayerSequence(true).then(layer).run(x);
    assertThat(values(layer.runningMean())).containsOnly(0);
  }

  @Test
  void keptArraysAreAddedAndSwapped() {
    Convolution one = layer(Convolution.of(4, 4, 3).padding(1).build());
    Convolution other = layer(Convolution.of(4, 4, 1).build());
    NDArray x = manager.randomNormal(new Shape(2, 4, 5, 5));
    x.setRequiresGradient(true);
    NDArray residual = new LayerSequence(true).keep().then(one).addKept().run(x);
    assertThat(residual.toFloatArray()).isEqualTo(one.forward(x).add(x).toFloatArray());
    NDArray mapped =
        new LayerSequence(true).then(one).keep().then(one).swap().then(other).addKept().run(x);
    NDArray branch = one.forward(x);
    NDArray expected = one.forward(branch).add(other.forward(branch));
    assertThat(mapped.toFloatArray()).isEqualTo(expected.toFloatArray());
    scope.backward(mapped.sum());
    float[] slopes = x.getGradient().toFloatArray();
    x.getGradient().subi(x.getGradient());
    scope.backward(expected.sum());
    assertThat(x.getGradient().toFloatArray()).isEqualTo(slopes);
  }

  @Test
  void aBiasGivesTheBitsOfTheConvolutionsOwnForward() {
    Convolution biased = biased(Convolution.of(6, 4, 3).stride(2).padding(1));
    NDArray x = manager.randomNormal(new Shape(2, 6, 9, 9));
    NDArray actual = new LayerSequence(true).then(biased).run(x);
    assertThat(actual.toFloatArray()).isEqualTo(biased.forward(x).toFloatArray());
  }

  /** A bias that is not zero, as it begins. */
  private Convolution biased(Convolution.Builder options) {
    Convolution convolution = layer(options.withBias().build());
    Map<String, float[]> values = convolution.save();
    for (int i = 0; i < values.get("bias").length; i++) {
      values.get("bias")[i] = i + 1;
    }
    convolution.load(manager, values);
    return convolution;
  }

  @Test
  void branchesWithinBranchesAreAddedToWhereTheyBegan() {
    Linear outer = layer(new Linear(4, 4, true));
    Linear inner = layer(new Linear(4, 4, false));
    NDArray x = manager.randomNormal(new Shape(4, 4));
    NDArray actual =
        new LayerSequence(true)
            .branch()
            .then(outer)
            .branch()
            .then(inner)
            .scale(inner.weight())
            .join()
            .join()
            .run(x);
    NDArray mapped = outer.forward(x);
    NDArray scaled = inner.forward(mapped).mul(inner.weight().array());
    assertThat(actual.toFloatArray()).isEqualTo(x.add(mapped.add(scaled)).toFloatArray());
  }

  @Test
  void aCascadeFeedsEachGroupOfChannelsToTheNext() {
    Convolution first = biased(Convolution.of(3, 3, 3).padding(1).groups(3));
    Convolution second = biased(Convolution.of(3, 3, 3).padding(1).groups(3));
    NDArray x = manager.randomNormal(new Shape(2, 8, 5, 5));
    NDArray actual = new LayerSequence(true).cascade(List.of(first, second)).run(x);
    NDArray one = first.forward(x.get(":, :3"));
    NDArray two = second.forward(one.add(x.get(":, 3:6")));
    NDArray expected = one.concat(two, 1).concat(x.get(":, 6:"), 1);
    assertThat(actual.toFloatArray()).isEqualTo(expected.toFloatArray());
  }

  @Test
  void linearMapsEqualTheMatrixProduct() {
    Linear biased = layer(new Linear(7, 4, true));
    Linear plain = layer(new Linear(7, 4, false));
    NDArray tokens = manager.randomNormal(new Shape(3, 5, 7));
    for (NDArray x :
        List.of(
            tokens,
            tokens.transpose(1, 0, 2),
            tokens.get(":, 1:3"),
            tokens.get(":, :1"),
            tokens.get(":, 0"),
            tokens.reshape(3, 1, 5, 7))) {
      for (Linear layer : List.of(biased, plain)) {
        NDArray actual = layer.forward(x);
        NDArray expected = x.matMul(layer.weight().array().transpose());
        if (layer.bias() != null) {
          expected = expected.add(layer.bias().array());
        }
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-5f));
        NDArray slopes = manager.randomNormal(expected.getShape());
        TensorScope.zeroGradients(layer);
        scope.backward(expected.mul(slopes).sum());
        List<float[]> gradients = gradients(layer);
        TensorScope.zeroGradients(layer);
        scope.backward(actual.mul(slopes).sum());
        for (int i = 0; i < gradients.size(); i++) {
          assertThat(gradients(layer).get(i)).containsExactly(gradients.get(i), within(1e-4f));
        }
      }
    }
  }

  private static List<float[]> gradients(Layer layer) {
    return layer.weights().values().stream()
        .map(weight -> weight.gradient().toFloatArray())
        .toList();
  }

  @Test
  void attentionEqualsItsFormula() {
    LayerNormalisation norm = layer(new LayerNormalisation(12, 1e-5));
    Linear qkv = layer(new Linear(12, 3 * 12, true));
    NDArray x = manager.randomNormal(new Shape(2, 5, 12));
    NDArray packed = qkv.forward(norm.forward(x));
    NDArray parts = packed.reshape(2, 5, 3, 3, 4).transpose(2, 0, 3, 1, 4);
    NDArray weights = parts.get(0).matMul(parts.get(1).transpose(0, 1, 3, 2)).div(2).softmax(-1);
    NDArray expected = weights.matMul(parts.get(2)).transpose(0, 2, 1, 3).reshape(2, 60);
    NDArray actual = new LayerSequence(true).then(norm).then(qkv).attention(3).flatten().run(x);
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-5f));
  }

  @Test
  void whatASequenceCannotHoldIsRefused() {
    NDArray x = manager.ones(new Shape(1, 1));
    assertThatThrownBy(() -> new LayerSequence(true).gelu().run(x))
        .hasMessage("a sequence of layers needs weights");
  }
}

package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IResNetTest {
  private static Network created(String options) {
    return new IResNet().create(RecordBinder.bindJson(IResNet.Options.class, options));
  }

  private static Network tiny(NDManager base) {
    Network network = created("{\"depth\": 18, \"width\": 0.125, \"embedding\": 6}");
    network.initialise(base, 1);
    return network;
  }

  /** PyTorch counts the 512 fixed scales of the last normalisation too. */
  @ParameterizedTest
  @CsvSource({"18, 24025600", "34, 34139328", "50, 43590848", "100, 65156160"})
  void hasThePublishedParameterCounts(int depth, long parameters) {
    assertThat(created("{\"depth\": %d}".formatted(depth)).parameterCount() + 512)
        .isEqualTo(parameters);
  }

  @Test
  void tapsHaveTheStatedShapes() {
    try (NDManager base = Torch.newManager();
        Network network = tiny(base);
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = scope.manager().randomNormal(new Shape(2, 3, 112, 112));
      Features all = network.forward(images, network.taps().keySet(), false);
      assertThat(network.taps().keySet())
          .containsExactlyInAnyOrder("stage1", "stage2", "stage3", "stage4", "last");
      network
          .taps()
          .forEach(
              (name, shape) ->
                  assertThat(all.tap(name).getShape())
                      .as(name)
                      .isEqualTo(new Shape(2).addAll(shape)));
      assertThat(all.embedding().getShape()).isEqualTo(new Shape(2, 6));
      assertThat(network.embed(images, false).toFloatArray())
          .isEqualTo(all.embedding().toFloatArray());
      assertThat(images.sum().getFloat()).isFinite();
    }
  }

  @Test
  void everyMatrixLearnsAndTheLastScaleDoesNot() {
    try (NDManager base = Torch.newManager();
        Network network = tiny(base)) {
      int before = base.getManagedArrays().size();
      try (TensorScope scope = TensorScope.training(base, network)) {
        NDArray images = scope.manager().randomNormal(new Shape(3, 3, 112, 112));
        NDArray embedding = network.embed(images, true);
        scope.backward(embedding.square().mul(scope.manager().arange(6f)).sum());
        for (Map.Entry<String, Weight> entry : network.weights().entrySet()) {
          if (entry.getValue().kind() == Weight.Kind.MATRIX) {
            assertThat(entry.getValue().array().getGradient().abs().max().getFloat())
                .as(entry.getKey())
                .isPositive();
          }
        }
      }
      assertThat(network.weights().get("features.weight").trainable()).isFalse();
      assertThat(network.weights().get("features.bias").trainable()).isTrue();
      assertThat(base.getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void dropoutActsInTrainingOnly() {
    try (NDManager base = Torch.newManager();
        Network network =
            created("{\"depth\": 18, \"width\": 0.125, \"embedding\": 6, \"dropout\": 0.5}")) {
      network.initialise(base, 1);
      try (TensorScope scope = TensorScope.inference(base, network)) {
        NDArray images = scope.manager().randomNormal(new Shape(2, 3, 112, 112));
        assertThat(network.embed(images, false).toFloatArray())
            .isEqualTo(network.embed(images, false).toFloatArray());
        NDArray several = images.repeat(0, 2);
        assertThat(network.embed(several, true).toFloatArray())
            .isNotEqualTo(network.embed(several, true).toFloatArray());
      }
    }
  }

  @Test
  void refusesDepthsThatAreNotPublished() {
    assertThatThrownBy(() -> created("{\"depth\": 101}"))
        .hasMessageContaining("one of [18, 34, 50, 100, 200]");
  }
}

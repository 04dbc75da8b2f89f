package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.MobileFaceNetOptions.Layout;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MobileFaceNetTest {
  @Test
  void hasThePublishedParameterCounts() {
    assertThat(network(Layout.CLASSIC, 1, 512).parameterCount()).isBetween(1_190_000L, 1_200_000L);
    assertThat(network(Layout.MBF, 1, 512).parameterCount()).isBetween(2_050_000L, 2_070_000L);
    assertThat(network(Layout.MBF_LARGE, 1, 512).parameterCount()).isEqualTo(6_314_880);
  }

  @Test
  void tapsHaveThePromisedShapesInBothLayouts() {
    for (Layout layout : Layout.values()) {
      try (NDManager base = Torch.newManager();
          MobileFaceNet network = network(layout, 0.125, 16)) {
        network.initialise(base, 1);
        try (TensorScope scope = TensorScope.inference(base, network)) {
          NDArray images = scope.manager().randomNormal(new Shape(2, 3, 112, 112));
          Features features = network.forward(images, network.taps().keySet(), false);
          assertThat(features.embedding().getShape()).isEqualTo(new Shape(2, 16));
          network
              .taps()
              .forEach(
                  (tap, shape) ->
                      assertThat(features.tap(tap).getShape())
                          .isEqualTo(new Shape(2).addAll(shape)));
        }
      }
    }
  }

  @Test
  void everyMatrixGetsAGradientAndNothingStaysBehind() {
    try (NDManager base = Torch.newManager();
        MobileFaceNet network = network(Layout.CLASSIC, 0.125, 16)) {
      network.initialise(base, 1);
      int before = base.getManagedArrays().size();
      try (TensorScope scope = TensorScope.training(base, network)) {
        NDArray images = scope.manager().randomNormal(new Shape(2, 3, 112, 112));
        scope.backward(network.embed(images, true).square().mul(scope.manager().arange(16f)).sum());
        for (Map.Entry<String, Weight> entry : network.weights().entrySet()) {
          if (entry.getValue().kind() == Weight.Kind.MATRIX) {
            NDArray gradient = entry.getValue().array().getGradient();
            assertThat(gradient.abs().max().getFloat()).as(entry.getKey()).isPositive();
          }
        }
      }
      assertThat(base.getManagedArrays()).hasSize(before);
      assertThat(network.save()).isNotEmpty();
    }
  }

  private static MobileFaceNet network(Layout layout, double width, int embedding) {
    return new MobileFaceNet(new MobileFaceNetOptions(layout, width, embedding));
  }
}

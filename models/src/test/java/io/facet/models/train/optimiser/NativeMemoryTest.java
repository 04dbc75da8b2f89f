package io.facet.models.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.head.ArcFace;
import io.facet.models.head.ArcFaceOptions;
import io.facet.models.head.IdentityHead;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final int STEPS = 200;

  @Test
  void twoHundredStepsLeaveNoArrayBehindAndLearn() {
    try (NDManager base = Torch.newManager();
        Tiny network = new Tiny();
        IdentityHead head =
            IdentityHead.of(
                new ArcFace(),
                new ArcFaceOptions(0.3, 16, ArcFaceOptions.Variant.MONOTONE, false),
                3,
                4)) {
      network.initialise(base, 1);
      head.initialise(base, 2);
      Map<String, Weight> weights = new HashMap<>();
      network.weights().forEach((name, weight) -> weights.put("network." + name, weight));
      head.weights().forEach((name, weight) -> weights.put("head." + name, weight));
      try (OptimiserSession session =
          new Sgd().open(new SgdOptions(0.9, true), base, weights, 1e-4)) {
        int arrays = base.getManagedArrays().size();
        float first = step(base, network, head, weights, session);
        float last = first;
        for (int i = 1; i < STEPS; i++) {
          last = step(base, network, head, weights, session);
          assertThat(base.getManagedArrays()).hasSize(arrays);
        }
        assertThat(last).isLessThan(first / 4);
      }
    }
  }

  private static float step(
      NDManager base,
      Tiny network,
      IdentityHead head,
      Map<String, Weight> weights,
      OptimiserSession session) {
    try (TensorScope scope = TensorScope.training(base, network, head)) {
      TensorScope.zeroGradients(network, head);
      NDArray images = scope.manager().arange(0f, 3 * 2 * 4 * 4).sin().reshape(3, 2, 4, 4);
      NDArray labels = scope.manager().create(new long[] {0, 1, 2});
      NDArray loss = head.loss(network.forward(images), labels);
      scope.backward(loss);
      Gradients gradients = new Gradients(weights.values());
      Gradients.clip(List.of(gradients), 5).close();
      session.step(gradients, 0.05);
      return loss.getFloat();
    }
  }

  /** One of each layer. */
  private static final class Tiny extends Layer {
    private final Convolution convolution =
        child("conv", Convolution.of(2, 4, 3).padding(1).withBias().build());
    private final BatchNormalisation batch = child("bn", new BatchNormalisation(4));
    private final PRelu activation = child("prelu", new PRelu(4));
    private final Linear linear = child("linear", new Linear(64, 4, true));
    private final LayerNormalisation layer = child("norm", new LayerNormalisation(4, 1e-5));

    NDArray forward(NDArray images) {
      NDArray x = convolution.forward(images);
      x = replace(x, batch.forward(x, true));
      x = replace(x, activation.forward(x));
      x = replace(x, x.reshape(new Shape(-1, 64)));
      x = replace(x, linear.forward(x));
      return replace(x, layer.forward(x));
    }
  }
}

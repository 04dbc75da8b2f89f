package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** {@code adamw}: Adam with decoupled weight decay, PyTorch's order of operations. */
@AutoService(Optimiser.class)
@Named(
    key = "adamw",
    version = 1,
    summary = "Adam with decoupled weight decay",
    source = "Loshchilov and Hutter 2019, arXiv 1711.05101")
public final class AdamW implements Optimiser<AdamWOptions> {
  private static final String MEAN = "mean";
  private static final String SQUARE = "square";

  @Override
  public OptimiserSession open(
      AdamWOptions options, NDManager manager, Map<String, Weight> weights, double weightDecay) {
    return new OptimiserSession(manager, weights, weightDecay, MEAN, SQUARE) {
      @Override
      protected void update(
          List<NDArray> group,
          List<NDArray> gradients,
          Map<String, List<NDArray>> moments,
          double rate,
          double decay) {
        try (NDArray step =
            NewArray.upload(manager().create((float) (steps() + 1)), group.get(0).getDevice())) {
          TorchOps.adamWStep(
              group,
              gradients,
              moments.get(MEAN),
              moments.get(SQUARE),
              Collections.nCopies(group.size(), step),
              rate,
              decay,
              options.beta1(),
              options.beta2(),
              options.epsilon());
        }
      }
    };
  }
}

package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.List;
import java.util.Map;

/** {@code sgd}: v = momentum v + (g + decay w), w = w - rate v; PyTorch's order of operations. */
@AutoService(Optimiser.class)
@Named(key = "sgd", version = 1, summary = "Stochastic gradient descent with momentum")
public final class Sgd implements Optimiser<SgdOptions> {
  private static final String VELOCITY = "velocity";

  @Override
  public OptimiserSession open(
      SgdOptions options, NDManager manager, Map<String, Weight> weights, double weightDecay) {
    String[] kept = options.momentum() > 0 ? new String[] {VELOCITY} : new String[0];
    return new OptimiserSession(manager, weights, weightDecay, kept) {
      @Override
      protected void update(
          List<NDArray> group,
          List<NDArray> gradients,
          Map<String, List<NDArray>> moments,
          double rate,
          double decay) {
        TorchOps.sgdStep(
            group,
            gradients,
            moments.getOrDefault(VELOCITY, List.of()),
            rate,
            decay,
            options.momentum(),
            options.nesterov());
      }
    };
  }
}

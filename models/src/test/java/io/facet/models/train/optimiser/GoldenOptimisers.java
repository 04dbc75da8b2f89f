package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.auto.service.AutoService;
import io.facet.models.format.Npy;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Golden cases of optimisers and of the clip by global norm. */
@AutoService(GoldenArea.class)
public final class GoldenOptimisers implements GoldenArea {
  @Override
  public String area() {
    return "optimisers";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("SGD", "SGD_NESTEROV", "ADAMW", "GLOBAL_NORM_CLIP").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager()) {
      if (golden.method().equals("GLOBAL_NORM_CLIP")) {
        clip(golden, base);
      } else {
        optimise(golden, base);
      }
    }
  }

  private static void clip(GoldenCase golden, NDManager manager) {
    List<NDArray> gradients = new ArrayList<>();
    while (golden.hasInput("grad" + gradients.size())) {
      gradients.add(golden.array(manager, "grad" + gradients.size()));
    }
    golden.assertClose("norm", TorchOps.clipNorm(gradients, golden.number("maxNorm")));
    for (int i = 0; i < gradients.size(); i++) {
      golden.assertClose("clipped" + i, gradients.get(i));
    }
  }

  private static void optimise(GoldenCase golden, NDManager base) {
    Npy.Floats gradients = golden.floats("grads");
    float[] rates = golden.floats("lr").values();
    int width = (int) gradients.shape().get(1);
    float[] course = new float[rates.length * width];
    try (OneMatrix layer = new OneMatrix(width)) {
      layer.load(base, Map.of("weight", golden.floats("p0").values()));
      try (OptimiserSession session = open(golden, base, layer.weights())) {
        for (int step = 0; step < rates.length; step++) {
          try (TensorScope scope = TensorScope.training(base, layer)) {
            TensorScope.zeroGradients(layer);
            NDArray gradient =
                scope
                    .manager()
                    .create(
                        java.util.Arrays.copyOfRange(
                            gradients.values(), step * width, (step + 1) * width),
                        new Shape(width));
            scope.backward(layer.weight.array().mul(gradient).sum());
            session.step(new Gradients(layer.weights().values()), rates[step]);
          }
          System.arraycopy(layer.save().get("weight"), 0, course, step * width, width);
        }
      }
    }
    golden.assertClose("params", course);
  }

  private static OptimiserSession open(
      GoldenCase golden, NDManager base, Map<String, Weight> weights) {
    double decay = golden.number("weightDecay");
    if (golden.method().equals("ADAMW")) {
      AdamWOptions options =
          new AdamWOptions(golden.number("beta1"), golden.number("beta2"), golden.number("eps"));
      return new AdamW().open(options, base, weights, decay);
    }
    SgdOptions options =
        new SgdOptions(golden.number("momentum"), golden.param("nesterov").asBoolean());
    return new Sgd().open(options, base, weights, decay);
  }

  private static final class OneMatrix extends Layer {
    final Weight weight;

    OneMatrix(int width) {
      weight = matrix("weight", Initialiser.constant(0), width);
    }
  }
}

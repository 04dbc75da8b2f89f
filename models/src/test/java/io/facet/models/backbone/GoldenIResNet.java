package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/** Golden cases of one IResNet block: outputs and running statistics with given weights. */
@AutoService(GoldenArea.class)
public final class GoldenIResNet implements GoldenArea {
  private static final String STATISTIC = "train_";

  @Override
  public String area() {
    return "backbones";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("IRESNET_BLOCK");
  }

  @Override
  public void check(GoldenCase golden) {
    Map<String, float[]> weights = new HashMap<>();
    golden.weights("weights").forEach((name, tensor) -> weights.put(name, tensor.values()));
    try (NDManager base = Torch.newManager();
        IResNetBlock block =
            new IResNetBlock(
                golden.param("in").asInt(),
                golden.param("out").asInt(),
                golden.param("stride").asInt())) {
      block.load(base, weights);
      try (TensorScope scope = TensorScope.inference(base, block)) {
        NDArray x = golden.array(scope.manager(), "x");
        golden.assertClose("eval", block.forward(x, false));
        golden.assertClose("train", block.forward(x, true));
      }
      Map<String, float[]> after = block.save();
      for (String name : golden.expectedNames()) {
        if (name.startsWith(STATISTIC)) {
          golden.assertClose(name, after.get(name.substring(STATISTIC.length())));
        }
      }
    }
  }
}

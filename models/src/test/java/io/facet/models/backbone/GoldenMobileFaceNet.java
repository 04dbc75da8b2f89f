package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.format.FloatTensor;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Map;
import java.util.stream.Collectors;

/** The golden case of MobileFaceNet: outputs and running statistics with given weights. */
@AutoService(GoldenArea.class)
public final class GoldenMobileFaceNet implements GoldenArea {
  private static final String STATISTIC = "train_";

  @Override
  public String area() {
    return "backbones";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("MOBILEFACENET_A");
  }

  @Override
  public void check(GoldenCase golden) {
    Map<String, float[]> weights =
        golden.weights("weights").entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> values(entry.getValue())));
    MobileFaceNetOptions options =
        new MobileFaceNetOptions(
            MobileFaceNetOptions.Layout.CLASSIC, 1, golden.param("embedding").asInt());
    try (NDManager base = Torch.newManager();
        MobileFaceNet network = new MobileFaceNet(options)) {
      network.load(base, weights);
      try (TensorScope scope = TensorScope.inference(base, network)) {
        NDArray images = golden.array(scope.manager(), "x");
        golden.assertClose("eval", network.embed(images, false));
        golden.assertClose("train", network.embed(images, true));
      }
      Map<String, float[]> after = network.save();
      for (String name : golden.expectedNames()) {
        if (name.startsWith(STATISTIC)) {
          golden.assertClose(name, after.get(name.substring(STATISTIC.length())));
        }
      }
    }
  }

  private static float[] values(FloatTensor tensor) {
    return tensor.values();
  }
}

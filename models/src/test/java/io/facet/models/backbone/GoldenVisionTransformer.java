package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/** The golden case of the face ViT: outputs and running statistics with given weights. */
@AutoService(GoldenArea.class)
public final class GoldenVisionTransformer implements GoldenArea {
  private static final String STATISTIC = "train_";

  @Override
  public String area() {
    return "backbones";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("VIT_FACE");
  }

  @Override
  public void check(GoldenCase golden) {
    assertThat(golden.param("activation").asText()).isEqualTo("ReLU6");
    assertThat(golden.number("maskRatio")).as("draws differ between generators").isZero();
    VisionTransformer.Options options =
        new VisionTransformer.Options(
            golden.param("image").asInt(),
            golden.param("patch").asInt(),
            golden.param("dim").asInt(),
            golden.param("depth").asInt(),
            golden.param("heads").asInt(),
            4,
            MlpActivation.RELU6,
            false,
            VisionTransformer.Pooling.FLATTEN,
            0,
            golden.param("embedding").asInt());
    Map<String, float[]> weights = new HashMap<>();
    golden.weights("weights").forEach((name, tensor) -> weights.put(name, tensor.values()));
    try (NDManager base = Torch.newManager();
        Network network = new VisionTransformer().create(options)) {
      network.load(base, weights);
      try (TensorScope scope = TensorScope.inference(base, network)) {
        golden.assertClose("eval", network.embed(golden.array(scope.manager(), "x"), false));
        golden.assertClose("train", network.embed(golden.array(scope.manager(), "x"), true));
      }
      Map<String, float[]> after = network.save();
      for (String name : golden.expectedNames()) {
        if (name.startsWith(STATISTIC)) {
          golden.assertClose(name, after.get(name.substring(STATISTIC.length())));
        }
      }
    }
  }
}

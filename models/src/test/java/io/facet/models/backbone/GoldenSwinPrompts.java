package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Golden cases of a Swin with one prompt set a stage: tokens, prompt outputs and gradients. */
@AutoService(GoldenArea.class)
public final class GoldenSwinPrompts implements GoldenArea {
  @Override
  public String area() {
    return "prompting";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("SWIN_PROMPTED");
  }

  @Override
  public void check(GoldenCase golden) {
    assertThat(golden.param("activation").asText()).startsWith("GELU");
    int side = golden.param("side").asInt();
    int patch = golden.param("patch").asInt();
    Swin.Options options =
        new Swin.Options(
            Swin.Size.TINY,
            side * patch,
            Optional.of(patch),
            Optional.of(golden.param("embedDim").asInt()),
            Optional.of(numbers(golden.param("depths"))),
            Optional.of(numbers(golden.param("heads"))),
            golden.param("window").asInt(),
            golden.number("mlpRatio"),
            golden.param("qkvBias").asBoolean(),
            0,
            8);
    try (NDManager base = Torch.newManager();
        SwinNetwork network = new SwinNetwork(options, golden.number("layerNormEps"))) {
      network.initialise(base, 1);
      Map<String, float[]> weights = network.save();
      golden.weights("weights").forEach((name, tensor) -> weights.put(name, tensor.values()));
      network.load(base, weights);
      network.setTrainable(false);
      try (TensorScope scope = TensorScope.training(base, network)) {
        check(golden, network, scope);
      }
    }
  }

  private static void check(GoldenCase golden, SwinNetwork network, TensorScope scope) {
    NDManager manager = scope.manager();
    List<NDArray> prompts = new ArrayList<>();
    for (int i = 0; golden.hasInput("prompts" + i); i++) {
      prompts.add(golden.array(manager, "prompts" + i));
      prompts.get(i).setRequiresGradient(true);
    }
    NDList parts = run(network, golden.array(manager, "x"), prompts);
    golden.assertClose("spatial", parts.get(0));
    golden.assertClose("promptsOut", parts.get(1));
    NDArray spatial = parts.get(0).mul(golden.array(manager, "upstreamSpatial")).sum();
    NDArray out = parts.get(1).mul(golden.array(manager, "upstreamPrompts")).sum();
    scope.backward(spatial.add(out));
    for (int i = 0; i < prompts.size(); i++) {
      golden.assertClose("grad_prompts" + i, prompts.get(i).getGradient());
    }
    if (golden.hasInput("x2")) {
      NDList permuted = run(network, golden.array(manager, "x2"), prompts);
      golden.assertClose("spatial2", permuted.get(0));
      golden.assertClose("promptsOut2", permuted.get(1));
    }
  }

  private static NDList run(SwinNetwork network, NDArray images, List<NDArray> prompts) {
    Features features = network.forward(images, prompts, Set.of("last"), false);
    long spatial = network.taps().get("last").get(0);
    return features.tap("last").split(new long[] {spatial}, 1);
  }

  private static List<Integer> numbers(JsonNode list) {
    List<Integer> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }
}

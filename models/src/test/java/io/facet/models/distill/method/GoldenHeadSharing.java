package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.head.FrozenHead;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.util.Set;

/** Golden cases of head sharing: losses on a frozen classifier and gradients of the features. */
@AutoService(GoldenArea.class)
public final class GoldenHeadSharing implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("TH_KD_SOFT", "TH_KD_HARD", "SH_KD_PHASE2").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      String name = golden.hasInput("z") ? "z" : "s";
      NDArray features = golden.array(scope.manager(), name);
      features.setRequiresGradient(true);
      if (golden.expectsError()) {
        golden.assertRefused(() -> loss(golden, scope.manager(), features));
        return;
      }
      NDArray loss = loss(golden, scope.manager(), features);
      scope.backward(loss);
      golden.assertClose("loss", loss);
      golden.assertClose("grad_" + name, features.getGradient());
    }
  }

  private static NDArray loss(GoldenCase golden, NDManager manager, NDArray features) {
    NDArray classes = golden.array(manager, "W");
    return switch (golden.method()) {
      case "TH_KD_SOFT" -> soft(golden, manager, features, classes);
      case "TH_KD_HARD" ->
          GoldenFrozenHeads.head(golden)
              .loss(features, L2Normalise.of(classes), golden.array(manager, "y"));
      default ->
          golden.hasParam("head")
              ? GoldenFrozenHeads.head(golden)
                  .loss(features, L2Normalise.of(classes), golden.array(manager, "y"))
              : TorchOps.crossEntropy(
                  ThKd.logits(features, classes, bias(golden, manager)),
                  golden.array(manager, "y"));
    };
  }

  private static NDArray soft(
      GoldenCase golden, NDManager manager, NDArray features, NDArray classes) {
    double temperature = golden.number("T");
    if (!golden.hasParam("normalised") || !golden.param("normalised").asBoolean()) {
      NDArray bias = bias(golden, manager);
      NDArray teacher =
          golden.hasInput("lt")
              ? golden.array(manager, "lt")
              : ThKd.logits(golden.array(manager, "t"), classes, bias);
      return Kd.loss(ThKd.logits(features, classes, bias), teacher, temperature);
    }
    double scale = golden.number("thLogitScale");
    NDArray directions = L2Normalise.of(classes);
    NDArray teacher =
        golden.hasInput("lt")
            ? golden.array(manager, "lt")
            : FrozenHead.cosines(golden.array(manager, "t"), directions).mul(scale);
    return Kd.loss(FrozenHead.cosines(features, directions).mul(scale), teacher, temperature);
  }

  private static NDArray bias(GoldenCase golden, NDManager manager) {
    return golden.hasInput("b") ? golden.array(manager, "b") : null;
  }
}

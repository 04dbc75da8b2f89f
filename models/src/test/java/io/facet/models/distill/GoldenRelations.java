package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Golden cases of the classic baselines: value and the gradient of every trained input. */
@AutoService(GoldenArea.class)
public final class GoldenRelations implements GoldenArea {
  private static final Set<String> TEACHER = Set.of("t", "lt", "ft", "y");

  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("L2", "MSE_NORMALISED", "KDE", "KD").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      Map<String, NDArray> inputs = new LinkedHashMap<>();
      for (String name : golden.inputs()) {
        NDArray array = golden.array(scope.manager(), name);
        if (!TEACHER.contains(name)) {
          array.setRequiresGradient(true);
        }
        inputs.put(name, array);
      }
      if (golden.expectsError()) {
        golden.assertRefused(() -> loss(golden, inputs));
        return;
      }
      NDArray loss = loss(golden, inputs);
      scope.backward(loss);
      golden.assertClose("loss", loss);
      inputs.forEach(
          (name, array) -> {
            if (golden.expects("grad_" + name)) {
              golden.assertClose("grad_" + name, array.getGradient());
            }
          });
    }
  }

  private static NDArray loss(GoldenCase golden, Map<String, NDArray> inputs) {
    NDArray student = inputs.get("s");
    NDArray teacher = inputs.get("t");
    return switch (golden.method()) {
      case "L2", "MSE_NORMALISED" ->
          RawL2.loss(student, teacher, golden.param("normalise").asBoolean(), reduction(golden));
      case "KDE" -> RawL2.loss(student, teacher, true, reduction(golden));
      case "KD" -> Kd.loss(inputs.get("ls"), inputs.get("lt"), golden.number("T"));
      default -> throw new AssertionError(golden.method());
    };
  }

  private static Reduction reduction(GoldenCase golden) {
    String text = golden.param("reduction").asText();
    return switch (text) {
      case "sum over d, mean over B" -> Reduction.BATCH_MEAN;
      case "sum", "sum over B and d" -> Reduction.SUM;
      case "mean", "mean over B*d" -> Reduction.MEAN;
      default -> throw new AssertionError("reduction " + text);
    };
  }
}

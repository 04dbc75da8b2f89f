package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Set;

/** Golden cases of losses on embeddings: value and student gradient. */
@AutoService(GoldenArea.class)
public final class GoldenLosses implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("FC", "FC_COS").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = golden.array(scope.manager(), "s");
      NDArray teacher = golden.array(scope.manager(), "t");
      student.setRequiresGradient(true);
      NDArray loss =
          switch (golden.method()) {
            case "FC" -> FeatureConsistency.loss(student, teacher, FeatureConsistency.Form.L2);
            case "FC_COS" -> FeatureConsistency.loss(student, teacher, FeatureConsistency.Form.COS);
            default -> throw new AssertionError(golden.method());
          };
      scope.backward(loss);
      golden.assertClose("loss", loss);
      if (golden.expects("grad_s")) {
        golden.assertClose("grad_s", student.getGradient());
      }
    }
  }
}

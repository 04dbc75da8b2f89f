package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.head.ArcFace;
import io.facet.models.head.ArcFaceOptions;
import io.facet.models.head.CosFace;
import io.facet.models.head.CosFaceOptions;
import io.facet.models.head.FrozenHead;
import io.facet.models.head.GoldenHeads;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Set;

/** Golden cases of margin softmaxes on a teacher's frozen class weights. */
@AutoService(GoldenArea.class)
public final class GoldenFrozenHeads implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("PROXYLESS_KD", "MARGIN_DISTILLATION").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      if (golden.expectsError()) {
        golden.assertRefused(() -> loss(golden, scope, student(golden, scope)));
        return;
      }
      NDArray student = student(golden, scope);
      NDArray loss = loss(golden, scope, student);
      scope.backward(loss);
      golden.assertClose("loss", loss);
      golden.assertClose("grad_s", student.getGradient());
    }
  }

  private static NDArray student(GoldenCase golden, TensorScope scope) {
    NDArray student = golden.array(scope.manager(), "s");
    student.setRequiresGradient(true);
    return student;
  }

  private static NDArray loss(GoldenCase golden, TensorScope scope, NDArray student) {
    NDArray labels = golden.array(scope.manager(), "y");
    NDArray classes = L2Normalise.of(golden.array(scope.manager(), "W"));
    if (golden.method().equals("PROXYLESS_KD")) {
      return head(golden).loss(student, classes, labels);
    }
    double[] margins =
        MarginDistillation.margins(
            golden.array(scope.manager(), "t"),
            classes,
            labels,
            golden.number("mMin"),
            golden.number("mMax"));
    if (golden.expects("margin")) {
      golden.assertClose("margin", margins);
    }
    return MarginDistillation.loss(
        student, classes, labels, margins, arcFace(golden, golden.number("mMax")));
  }

  /** The margin softmax that the params {@code head, m, s, arcVariant} describe. */
  static FrozenHead head(GoldenCase golden) {
    return switch (golden.param("head").asText()) {
      case "ARC" -> FrozenHead.of(new ArcFace(), arcFace(golden, golden.number("m")));
      case "COS" ->
          FrozenHead.of(new CosFace(), new CosFaceOptions(golden.number("m"), golden.number("s")));
      default -> throw new AssertionError(golden.param("head"));
    };
  }

  /** ArcFace with the params {@code s, arcVariant}. */
  static ArcFaceOptions arcFace(GoldenCase golden, double margin) {
    ArcFaceOptions.Variant variant = GoldenHeads.variant(golden.param("arcVariant").asText());
    return new ArcFaceOptions(margin, golden.number("s"), variant, false);
  }
}

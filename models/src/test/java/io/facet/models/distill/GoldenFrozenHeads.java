package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.head.ArcFace;
import io.facet.models.head.ArcFaceOptions;
import io.facet.models.head.CosFace;
import io.facet.models.head.CosFaceOptions;
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
    return Set.of("PROXYLESS_KD").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = golden.array(scope.manager(), "s");
      NDArray labels = golden.array(scope.manager(), "y");
      student.setRequiresGradient(true);
      NDArray classes = Directions.of(golden.array(scope.manager(), "W"));
      NDArray loss = head(golden).loss(student, classes, labels);
      scope.backward(loss);
      golden.assertClose("loss", loss);
      golden.assertClose("grad_s", student.getGradient());
    }
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
    ArcFaceOptions.Variant variant =
        switch (golden.param("arcVariant").asText()) {
          case "A" -> ArcFaceOptions.Variant.PLAIN;
          case "B" -> ArcFaceOptions.Variant.MONOTONE;
          case "C" -> ArcFaceOptions.Variant.CLIPPED;
          default -> throw new AssertionError(golden.param("arcVariant"));
        };
    return new ArcFaceOptions(margin, golden.number("s"), variant, false);
  }
}

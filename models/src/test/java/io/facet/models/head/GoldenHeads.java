package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.util.Set;

/** Golden cases of margin heads: logits, loss and gradients. */
@AutoService(GoldenArea.class)
public final class GoldenHeads implements GoldenArea {
  @Override
  public String area() {
    return "heads";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("ARCFACE", "COSFACE").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      NDArray embeddings = golden.array(scope.manager(), "e");
      NDArray weights = golden.array(scope.manager(), "W");
      NDArray labels = golden.array(scope.manager(), "y");
      embeddings.setRequiresGradient(true);
      weights.setRequiresGradient(true);
      NDArray cosines = IdentityHead.cosines(embeddings, weights);
      NDArray logits = logits(golden, cosines, labels);
      NDArray loss = TorchOps.crossEntropy(logits, labels);
      scope.backward(loss);
      golden.assertClose("logits", logits);
      golden.assertClose("loss", loss);
      golden.assertClose("grad_e", embeddings.getGradient());
      golden.assertClose("grad_W", weights.getGradient());
    }
  }

  private static NDArray logits(GoldenCase golden, NDArray cosines, NDArray labels) {
    double margin = golden.number("m");
    double scale = golden.number("s");
    if (golden.method().equals("COSFACE")) {
      return new CosFace().logits(cosines, labels, new CosFaceOptions(margin, scale));
    }
    return new ArcFace()
        .logits(
            cosines,
            labels,
            new ArcFaceOptions(margin, scale, variant(golden.param("variant").asText()), false));
  }

  /** The published variant a case names by a letter. */
  public static ArcFaceOptions.Variant variant(String letter) {
    return switch (letter) {
      case "A" -> ArcFaceOptions.Variant.PLAIN;
      case "B" -> ArcFaceOptions.Variant.MONOTONE;
      case "C" -> ArcFaceOptions.Variant.CLIPPED;
      default -> throw new AssertionError(letter);
    };
  }
}

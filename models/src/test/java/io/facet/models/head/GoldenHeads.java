package io.facet.models.head;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Golden cases of margin heads: logits, loss and gradients. A case of several steps names what
 * belongs to step N with that number; gradients are those of the sum of all losses.
 */
@AutoService(GoldenArea.class)
public final class GoldenHeads implements GoldenArea {
  @Override
  public String area() {
    return "heads";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("ARCFACE", "COSFACE", "ADAFACE").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        HeadSession session = session(golden);
        TensorScope scope = TensorScope.training(base)) {
      session.initialise(base, 1);
      scope.lend(session);
      List<String> steps = steps(golden);
      if (golden.expectsError()) {
        golden.assertRefused(() -> new Run(golden, scope, session, steps).forward());
        return;
      }
      new Run(golden, scope, session, steps).check();
    }
  }

  /** Suffixes of the names of each step. */
  private static List<String> steps(GoldenCase golden) {
    if (golden.hasInput("e")) {
      return List.of("");
    }
    List<String> steps = new ArrayList<>();
    for (int i = 1; golden.hasInput("e" + i); i++) {
      steps.add(String.valueOf(i));
    }
    return steps;
  }

  private static HeadSession session(GoldenCase golden) {
    double margin = golden.number("m");
    double scale = golden.number("s");
    return switch (golden.method()) {
      case "ARCFACE" ->
          new ArcFace()
              .open(
                  new ArcFaceOptions(
                      margin, scale, variant(golden.param("variant").asText()), false));
      case "COSFACE" -> new CosFace().open(new CosFaceOptions(margin, scale));
      case "ADAFACE" ->
          new AdaFace()
              .open(
                  new AdaFaceOptions(
                      margin,
                      golden.number("h"),
                      scale,
                      golden.number("tAlpha"),
                      golden.number("initialMean"),
                      golden.number("initialStd")));
      default -> throw new AssertionError(golden.method());
    };
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

  /** One case at work. */
  private static final class Run {
    private final GoldenCase golden;
    private final TensorScope scope;
    private final HeadSession session;
    private final List<String> steps;
    private final NDArray weights;
    private final List<NDArray> embeddings = new ArrayList<>();
    private final Map<String, float[]> outputs = new HashMap<>();

    Run(GoldenCase golden, TensorScope scope, HeadSession session, List<String> steps) {
      this.golden = golden;
      this.scope = scope;
      this.session = session;
      this.steps = steps;
      weights = input("W");
      weights.setRequiresGradient(true);
    }

    private NDArray input(String name) {
      return golden.array(scope.manager(), name);
    }

    void check() {
      scope.backward(forward());
      outputs.put("grad_W", weights.getGradient().toFloatArray());
      for (int i = 0; i < steps.size(); i++) {
        outputs.put("grad_e" + steps.get(i), embeddings.get(i).getGradient().toFloatArray());
      }
      for (String name : golden.expectedNames()) {
        assertThat(outputs).as(golden.name()).containsKey(name);
        golden.assertClose(name, outputs.get(name));
      }
    }

    /** Sum of the losses of all steps. */
    NDArray forward() {
      NDArray total = null;
      for (String step : steps) {
        NDArray loss = step(step);
        total = total == null ? loss : total.add(loss);
      }
      return total;
    }

    private NDArray step(String step) {
      NDArray batch = input("e" + step);
      batch.setRequiresGradient(true);
      embeddings.add(batch);
      NDArray labels = input("y" + step);
      HeadInputs inputs = new HeadInputs(IdentityHead.cosines(batch, weights), batch, labels);
      NDArray logits = session.logits(inputs);
      NDArray loss = TorchOps.crossEntropy(logits, labels);
      outputs.put("logits" + step, logits.toFloatArray());
      outputs.put("loss" + step, loss.toFloatArray());
      if (session instanceof AdaFace.Session adaFace) {
        NDArray quality = adaFace.quality(AdaFace.Session.lengths(inputs));
        outputs.put("k" + step, quality.toFloatArray());
        outputs.put("mean_after" + step, session.save().get("mean"));
        outputs.put("std_after" + step, session.save().get("deviation"));
      }
      return loss;
    }
  }
}

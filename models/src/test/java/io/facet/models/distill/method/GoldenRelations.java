package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import com.google.auto.service.AutoService;
import io.facet.models.distill.part.Reduction;
import io.facet.models.distill.part.SquareMaps;
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
  private static final Set<String> METHODS =
      Set.of(
          "L2",
          "MSE_NORMALISED",
          "KDE",
          "KD",
          "SP",
          "SP_FEATURES",
          "CC",
          "CC_P3",
          "CC_PROXY",
          "RKD",
          "PKT",
          "FITNET",
          "FITNET_EMBEDDING",
          "AT",
          "VID",
          "DARKRANK");
  private static final Set<String> TEACHER = Set.of("t", "lt", "ft", "y");

  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return METHODS.contains(method);
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
      if (golden.method().equals("RKD")) {
        checkParts(golden, inputs);
      }
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
      case "SP", "SP_FEATURES" ->
          SimilarityPreserving.loss(
              student,
              teacher,
              SimilarityPreserving.Normalise.valueOf(golden.param("spNormalise").asText()));
      case "CC", "CC_P3" ->
          CorrelationCongruence.kernelLoss(
              student, teacher, golden.number("gamma"), golden.param("P").asInt());
      case "CC_PROXY" ->
          CorrelationCongruence.neighbourLoss(
              mapped(student, inputs, "s"), mapped(teacher, inputs, "t"));
      case "RKD" -> {
        Rkd.Relations relations = Rkd.relations(student, teacher);
        yield relations
            .distanceLoss()
            .mul((float) golden.number("wDistance"))
            .add(relations.angleLoss().mul((float) golden.number("wAngle")));
      }
      case "PKT" -> Pkt.loss(student, teacher, golden.number("eps"));
      case "FITNET" -> {
        assertThat(golden.param("regressor").asText()).isEqualTo("NONE");
        yield FitNet.mapLoss(inputs.get("fs"), inputs.get("ft"));
      }
      case "FITNET_EMBEDDING" -> {
        assertThat(golden.param("variant").asText()).isEqualTo("GKD");
        yield FitNet.embeddingLoss(student, teacher);
      }
      case "AT" ->
          AttentionTransfer.loss(inputs.get("fs"), inputs.get("ft"), golden.param("p").asInt());
      case "VID" -> vid(golden, inputs);
      case "DARKRANK" ->
          DarkRank.loss(
              student,
              teacher,
              golden.number("alpha"),
              golden.number("beta"),
              golden.param("permutationLength").asInt());
      default -> throw new AssertionError(golden.method());
    };
  }

  private static NDArray vid(GoldenCase golden, Map<String, NDArray> inputs) {
    NDArray student = inputs.get("fs");
    NDArray teacher = inputs.get("ft");
    NDArray mean =
        Vid.regress(
            SquareMaps.shrunk(student, teacher),
            inputs.get("w1"),
            inputs.get("w2"),
            inputs.get("w3"));
    return Vid.loss(
        mean, SquareMaps.shrunk(teacher, student), inputs.get("logScale"), golden.number("eps"));
  }

  private static NDArray mapped(NDArray embeddings, Map<String, NDArray> inputs, String side) {
    return Linear.linear(embeddings, inputs.get("W" + side), inputs.get("b" + side)).head();
  }

  private static void checkParts(GoldenCase golden, Map<String, NDArray> inputs) {
    Rkd.Relations relations = Rkd.relations(inputs.get("s"), inputs.get("t"));
    if (golden.expects("loss_distance")) {
      golden.assertClose("loss_distance", relations.distanceLoss());
      golden.assertClose("loss_angle", relations.angleLoss());
    }
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

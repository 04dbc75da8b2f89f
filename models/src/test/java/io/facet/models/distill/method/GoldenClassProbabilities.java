package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.part.Divergence;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Golden cases of losses on class logits that come in several terms: OFA, MLDR, GKD. */
@AutoService(GoldenArea.class)
public final class GoldenClassProbabilities implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("OFA", "MLDR_KD", "GKD").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = golden.array(scope.manager(), "ls");
      NDArray teacher = golden.array(scope.manager(), "lt");
      NDArray labels = golden.hasInput("y") ? golden.array(scope.manager(), "y") : null;
      student.setRequiresGradient(true);
      if (golden.expectsError()) {
        golden.assertRefused(() -> values(golden, student, teacher, labels));
        return;
      }
      Map<String, NDArray> values = values(golden, student, teacher, labels);
      scope.backward(values.get("loss"));
      values.put("grad_ls", student.getGradient());
      for (String name : golden.expectedNames()) {
        assertThat(values).as(golden.name()).containsKey(name);
        golden.assertClose(name, values.get(name));
      }
    }
  }

  private static Map<String, NDArray> values(
      GoldenCase golden, NDArray student, NDArray teacher, NDArray labels) {
    return switch (golden.method()) {
      case "OFA" -> {
        NDArray loss = Ofa.loss(student, teacher, labels, golden.number("eps"), golden.number("T"));
        yield new LinkedHashMap<>(Map.of("loss", loss));
      }
      case "MLDR_KD" -> mldr(golden, student, teacher);
      case "GKD" -> gkd(golden, student, teacher, labels);
      default -> throw new AssertionError(golden.method());
    };
  }

  private static Map<String, NDArray> mldr(GoldenCase golden, NDArray student, NDArray teacher) {
    NDArray actual = Divergence.soften(student, golden.number("T"));
    NDArray target = Divergence.soften(teacher, golden.number("T"));
    Map<String, NDArray> values = new LinkedHashMap<>();
    values.put("loss_class", Mldr.classRelation(actual, target));
    values.put("loss_sample", Mldr.sampleRelation(actual, target));
    values.put("loss_probability", Mldr.probability(actual, target));
    values.put(
        "loss",
        values
            .get("loss_class")
            .add(values.get("loss_sample"))
            .add(values.get("loss_probability").mul((float) golden.number("alpha"))));
    return values;
  }

  private static Map<String, NDArray> gkd(
      GoldenCase golden, NDArray student, NDArray teacher, NDArray labels) {
    double temperature = golden.number("T");
    int count =
        golden.hasParam("k")
            ? golden.param("k").asInt()
            : Gkd.adaptiveCount(student, golden.number("rate"), golden.param("step").asInt());
    int used = (int) Math.min(count, student.getShape().get(1));
    NDArray primary = Gkd.primary(student, labels, count);
    Map<String, NDArray> values = new LinkedHashMap<>();
    values.put("k", student.getManager().create(new long[] {used}));
    values.put("loss_binary", Gkd.binary(student, teacher, primary, temperature));
    values.put("loss_primary", Gkd.within(student, teacher, primary, temperature));
    NDArray loss =
        values
            .get("loss_binary")
            .mul((float) golden.number("alpha"))
            .add(values.get("loss_primary").mul((float) golden.number("beta")));
    if (golden.hasParam("lambda") && golden.number("lambda") != 0) {
      NDArray others = primary.neg().add(1);
      values.put("loss_secondary", Gkd.within(student, teacher, others, temperature));
      loss = loss.add(values.get("loss_secondary").mul((float) golden.number("lambda")));
    }
    values.put("loss", loss);
    return values;
  }
}

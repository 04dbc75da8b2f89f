package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.distill.TermLosses;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Map;

/** Golden cases of CRD with given negatives: values, gradients, constants and memories. */
@AutoService(GoldenArea.class)
public final class GoldenCrd implements GoldenArea {
  private static final Map<String, String> MAPS =
      Map.of(
          "Ws",
          "student.weight",
          "bs",
          "student.bias",
          "Wt",
          "teacher.weight",
          "bt",
          "teacher.bias");

  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("CRD");
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager manager = Torch.newManager()) {
      if (golden.expectsError()) {
        golden.assertRefused(() -> run(golden, manager));
      } else {
        run(golden, manager);
      }
    }
  }

  private static void run(GoldenCase golden, NDManager manager) {
    Crd.Options options =
        new Crd.Options(
            1,
            golden.number("tau"),
            golden.param("negatives").asInt(),
            golden.param("featDim").asInt(),
            golden.number("memoryMomentum"),
            1000,
            1);
    int samples = golden.param("nData").asInt();
    try (CrdSession session =
        new CrdSession(options, GoldenSession.setup(golden, manager, 2, samples))) {
      GoldenSession.begin(
          session,
          manager,
          Map.of(
              "student.weight", golden.floats("Ws").values(),
              "student.bias", golden.floats("bs").values(),
              "teacher.weight", golden.floats("Wt").values(),
              "teacher.bias", golden.floats("bt").values(),
              "studentMemory", golden.floats("memS").values(),
              "teacherMemory", golden.floats("memT").values()));
      int steps = golden.param("steps").asInt();
      for (int step = 1; step <= steps; step++) {
        step(golden, manager, session, step);
      }
      assertMemories(golden, session, "_after");
      double[] normalisers = session.state().get("normalisers");
      golden.assertClose("Z_s", normalisers[0]);
      golden.assertClose("Z_t", normalisers[1]);
      MAPS.forEach(
          (name, weight) -> {
            if (golden.expects("grad_" + name)) {
              golden.assertClose(
                  "grad_" + name, session.weights().get(weight).array().getGradient());
            }
          });
    }
  }

  private static void step(GoldenCase golden, NDManager manager, CrdSession session, int step) {
    try (TensorScope scope = TensorScope.training(manager, session)) {
      NDArray student = golden.array(scope.manager(), "s" + step);
      student.setRequiresGradient(true);
      NDArray rows = golden.array(scope.manager(), "idx" + step);
      TermLosses terms =
          session.contrast(
              student,
              golden.array(scope.manager(), "t" + step),
              IndexArray.reading(rows.get(":, 0")),
              rows);
      NDArray loss = terms.terms().get("student").value().add(terms.terms().get("teacher").value());
      scope.backward(loss);
      golden.assertClose("loss" + step, loss);
      if (golden.expects("grad_s" + step)) {
        golden.assertClose("grad_s" + step, student.getGradient());
      }
      try (TensorScope after = TensorScope.inference(scope.manager())) {
        session.remember();
      }
    }
    assertMemories(golden, session, "_after" + step);
  }

  private static void assertMemories(GoldenCase golden, CrdSession session, String suffix) {
    Map<String, float[]> weights = session.save();
    if (golden.expects("memS" + suffix)) {
      golden.assertClose("memS" + suffix, weights.get("studentMemory"));
    }
    if (golden.expects("memT" + suffix)) {
      golden.assertClose("memT" + suffix, weights.get("teacherMemory"));
    }
  }
}

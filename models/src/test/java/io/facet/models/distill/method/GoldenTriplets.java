package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.distill.part.BatchPairs;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;

/** Golden cases of triplets: given triplets become one batch of anchors, positives, negatives. */
@AutoService(GoldenArea.class)
public final class GoldenTriplets implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("TRIPLET_DISTILLATION");
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      if (golden.expectsError()) {
        golden.assertRefused(
            () -> loss(golden, side(golden, scope, "s"), side(golden, scope, "t")));
        return;
      }
      NDList students = side(golden, scope, "s");
      students.forEach(side -> side.setRequiresGradient(true));
      NDArray loss = loss(golden, students, side(golden, scope, "t"));
      scope.backward(loss);
      golden.assertClose("loss", loss);
      golden.assertClose("grad_sa", students.get(0).getGradient());
      golden.assertClose("grad_sp", students.get(1).getGradient());
      golden.assertClose("grad_sn", students.get(2).getGradient());
    }
  }

  private static NDList side(GoldenCase golden, TensorScope scope, String side) {
    return new NDList(
        golden.array(scope.manager(), side + "a"),
        golden.array(scope.manager(), side + "p"),
        golden.array(scope.manager(), side + "n"));
  }

  private static NDArray loss(GoldenCase golden, NDList students, NDList teachers) {
    TripletDistillation.Form form = TripletDistillation.Form.valueOf(golden.param("form").asText());
    NDArray student = TripletDistillation.distances(NDArrays.concat(students), form);
    NDArray teacher = TripletDistillation.distances(NDArrays.concat(teachers), form);
    int count = (int) students.get(0).getShape().get(0);
    int batch = 3 * count;
    int[] positives = new int[count];
    int[] negatives = new int[count];
    for (int i = 0; i < count; i++) {
      positives[i] = i * batch + count + i;
      negatives[i] = i * batch + 2 * count + i;
    }
    NDArray positive = BatchPairs.places(student, positives);
    NDArray negative = BatchPairs.places(student, negatives);
    NDArray margins =
        TripletDistillation.margins(
            TorchOps.rows(teacher, positive),
            TorchOps.rows(teacher, negative),
            golden.number("mMin"),
            golden.number("mMax"));
    if (golden.expects("margin")) {
      golden.assertClose("margin", margins);
    }
    return TripletDistillation.loss(
        TorchOps.rows(student, positive), TorchOps.rows(student, negative), margins);
  }
}

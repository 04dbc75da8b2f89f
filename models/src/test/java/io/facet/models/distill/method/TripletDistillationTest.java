package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.part.Triplets;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class TripletDistillationTest extends MethodContract {
  TripletDistillationTest() {
    super("triplet-distillation");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{form: cos}", "{negatives: hardest}");
  }

  @Override
  protected int waitsInTenSteps(String options) {
    return 10;
  }

  @Override
  protected boolean teacherIsMinimum() {
    return false;
  }

  @Test
  void everyAnchorAndPositiveMeetsEveryOtherIdentity() {
    Triplets all = Triplets.of(new long[] {1, 1, 2}, new float[9], Triplets.Negatives.ALL);

    assertThat(all.anchorPositive()).containsExactly(1, 3);
    assertThat(all.anchorNegative()).containsExactly(2, 5);
  }

  @Test
  void theHardestNegativeIsTheStudentsNearest() {
    float[] distances = new float[16];
    distances[2] = 0.7f;
    distances[3] = 0.4f;
    distances[4 + 2] = 0.5f;
    distances[4 + 3] = 0.5f;

    Triplets hardest = Triplets.of(new long[] {1, 1, 2, 3}, distances, Triplets.Negatives.HARDEST);

    assertThat(hardest.anchorPositive()).containsExactly(1, 4);
    assertThat(hardest.anchorNegative()).containsExactly(3, 6);
  }

  @Test
  void oneIdentityOrAllDifferentOnesGiveNoTriplet() {
    assertThat(Triplets.of(new long[] {1, 1}, new float[4], Triplets.Negatives.HARDEST).count())
        .isZero();
    assertThat(Triplets.of(new long[] {1, 2}, new float[4], Triplets.Negatives.ALL).count())
        .isZero();
  }

  @Test
  void marginsGrowWithTheTeachersDistance() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray near = scope.manager().create(new float[] {0.2f, 0.5f, 0.9f});
      NDArray far = scope.manager().create(new float[] {1.2f, 0.6f, 0.1f});

      assertThat(TripletDistillation.margins(near, far, 0.2, 0.5).toFloatArray())
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(0.5f, 0.23f, 0.2f);
      assertThat(TripletDistillation.margins(far, far, 0.2, 0.5).toFloatArray())
          .containsExactly(0.2f, 0.2f, 0.2f);
    }
  }

  @Test
  void distancesAreThoseOfDirections() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray rows = scope.manager().create(new float[] {2, 0, 0, 3, 0, 0}, new Shape(3, 2));

      float[] squares =
          TripletDistillation.distances(rows, TripletDistillation.Form.L2).toFloatArray();
      float[] angles =
          TripletDistillation.distances(rows, TripletDistillation.Form.COS).toFloatArray();

      assertThat(squares).containsExactly(0, 2, 1, 2, 0, 1, 1, 1, 0);
      assertThat(angles[0]).isZero();
      assertThat(angles[1]).isCloseTo((float) (Math.PI / 2), within(1e-6f));
    }
  }
}

package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.part.DuplicateRows;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaDistillTest extends MethodContract {
  private static final String MEAN = "{duplicates: mean, alpha: plain}";

  AdaDistillTest() {
    super("ada-distill");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{head: {cosface: {margin: 0.35}}}", MEAN);
  }

  @Override
  protected boolean teacherIsMinimum() {
    return false;
  }

  @Override
  protected boolean orderMatters(String options) {
    return !options.equals(MEAN); // the last sample of a class moves its centre
  }

  @Test
  void theShareOfTheOldCentreIsTheProductOfBothAgreements() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray student = row(scope, 1, 0);
      NDArray teacher = row(scope, 0.8f, 0.6f);
      NDArray centre = row(scope, 0, 1);

      assertThat(AdaDistill.share(student, teacher, centre, AdaDistill.Alpha.WEIGHTED).getFloat(0))
          .isCloseTo(0.48f, within(1e-6f));
      assertThat(AdaDistill.share(student, teacher, centre, AdaDistill.Alpha.PLAIN).getFloat(0))
          .isCloseTo(0.8f, within(1e-6f));
      assertThat(
              AdaDistill.share(student, teacher.neg(), centre, AdaDistill.Alpha.PLAIN).getFloat(0))
          .isEqualTo(1e-6f);
    }
  }

  private static NDArray row(TensorScope scope, float x, float y) {
    return scope.manager().create(new float[] {x, y}, new Shape(1, 2));
  }

  @Test
  void ofRowsOfOnePlaceTheLastOrTheMeanIsTaken() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray table = scope.manager().create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(4, 2));
      DuplicateRows rows =
          DuplicateRows.of(IndexArray.of(scope.manager(), Device.cpu(), 9, 4, 9, 0));

      assertThat(rows.values().toLongArray()).containsExactly(9, 4, 0);
      assertThat(rows.last(table).toFloatArray()).containsExactly(5, 6, 3, 4, 7, 8);
      assertThat(rows.mean(table).toFloatArray()).containsExactly(3, 4, 3, 4, 7, 8);
    }
  }
}

package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarginDistillationTest extends MethodContract {
  MarginDistillationTest() {
    super("margin-distillation");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{variant: monotone}", "{variant: clipped}");
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
  void theMarginGrowsWithTheTeachersCosineToItsClass() {
    assertThat(margins(0.9f, 0.45f, 0))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.5, 0.35, 0.2);
  }

  @Test
  void withoutACosineAboveZeroAllMarginsAreTheSmallest() {
    assertThat(margins(-0.9f, -0.45f, 0)).containsExactly(0.2, 0.2, 0.2);
  }

  /** Margins of three samples of one class with these cosines to it. */
  private static double[] margins(float... cosines) {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      float[] rows = new float[6];
      for (int i = 0; i < 3; i++) {
        rows[2 * i] = 3 * cosines[i];
        rows[2 * i + 1] = (float) (3 * Math.sqrt(1 - cosines[i] * cosines[i]));
      }
      NDArray teacher = scope.manager().create(rows, new Shape(3, 2));
      NDArray classes = scope.manager().create(new float[] {1, 0}, new Shape(1, 2));
      NDArray labels = scope.manager().create(new long[3]);
      return MarginDistillation.margins(teacher, classes, labels, 0.2, 0.5);
    }
  }
}

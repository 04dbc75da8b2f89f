package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodContract;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GkdTest extends MethodContract {
  GkdTest() {
    super("gkd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{rampEpochs: 0}",
        "{rampEpochs: 0, classes: 2, secondaryWeight: 1}",
        "{rampEpochs: 0, classes: 1, temperature: 1}",
        "{rampEpochs: 0, count: adaptive, step: 1}",
        "{rampEpochs: 0, classes: 1, identitySampleRate: 0.5}");
  }

  @Override
  protected int waitsInTenSteps(String options) {
    return options.contains("adaptive") ? 10 : 0;
  }

  @Test
  void primaryClassesAreTheTrueOneAndTheHighestOthers() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray logits =
          scope.manager().create(new float[] {1, 5, 3, 2, 9, 9, 9, 9}, new Shape(2, 4));
      NDArray labels = scope.manager().create(new long[] {0, 3});

      assertThat(Gkd.primary(logits, labels, 2).toFloatArray())
          .containsExactly(1, 1, 0, 0, 1, 0, 0, 1);
      assertThat(Gkd.primary(logits, labels, 9).toFloatArray()).containsOnly(1);
    }
  }

  @Test
  void anAdaptiveCountThatHoldsTheShareIsTheFirstOfItsStepsOrAll() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      float[] shares = {0.5f, 0.2f, 0.15f, 0.1f, 0.05f};
      NDArray logits = scope.manager().create(shares, new Shape(1, 5)).log();

      assertThat(Gkd.adaptiveCount(logits, 0.4, 1)).isEqualTo(1);
      assertThat(Gkd.adaptiveCount(logits, 0.8, 1)).isEqualTo(3);
      assertThat(Gkd.adaptiveCount(logits, 0.6, 2)).isEqualTo(3);
      assertThat(Gkd.adaptiveCount(logits, 0.9, 3)).isEqualTo(4);
      assertThat(Gkd.adaptiveCount(logits, 0.9, 100)).isEqualTo(5);
    }
  }

  @Test
  void aShareOfNothingStaysFinite() {
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = scope.manager().create(new float[] {0, 1000, -1000}, new Shape(1, 3));
      NDArray teacher = scope.manager().create(new float[] {1000, 0, -1000}, new Shape(1, 3));
      student.setRequiresGradient(true);
      NDArray labels = scope.manager().create(new long[] {2});
      NDArray primary = Gkd.primary(student, labels, 2);

      NDArray loss = Gkd.binary(student, teacher, primary, 1);
      scope.backward(loss);

      assertThat(loss.getFloat()).isCloseTo((float) -Math.log(1e-12), within(1e-3f));
      for (float slope : student.getGradient().toFloatArray()) {
        assertThat(slope).isFinite();
      }
    }
  }

  /**
   * In double, as the reference: probabilities at T, their sums in both groups, their divergence.
   */
  @ParameterizedTest
  @CsvSource({"150, 4", "250, 4", "400, 2", "1000, 2", "1000, 8"})
  void theShareTermKeepsItsDigitsWhereThePrimaryClassesHoldNearlyAll(int classes, float spread) {
    int batch = 6;
    double temperature = 4;
    Random random = new Random(5);
    float[] students = new float[batch * classes];
    float[] teachers = new float[batch * classes];
    for (int i = 0; i < students.length; i++) {
      students[i] = (float) (spread * random.nextGaussian());
      teachers[i] = students[i] + (float) (0.5 * spread * random.nextGaussian());
    }
    try (TensorScope scope = TensorScope.training(Torch.newManager())) {
      NDArray student = scope.manager().create(students, new Shape(batch, classes));
      NDArray teacher = scope.manager().create(teachers, new Shape(batch, classes));
      NDArray labels = scope.manager().create(new long[] {0, 1, 2, 3, 4, 5});
      int count = Gkd.adaptiveCount(student, 0.93, 100);
      assertThat(count % 100).isOne();
      assertThat(count).isLessThan(classes);
      NDArray primary = Gkd.primary(student, labels, count);
      float[] marked = primary.toFloatArray();
      double expected = 0;
      for (int row = 0; row < batch; row++) {
        double[] p = shares(teachers, marked, row, classes, temperature);
        double[] q = shares(students, marked, row, classes, temperature);
        expected += p[0] * Math.log(p[0] / q[0]) + p[1] * Math.log(p[1] / q[1]);
      }
      expected *= temperature * temperature / batch;

      assertThat((double) Gkd.binary(student, teacher, primary, temperature).getFloat())
          .isCloseTo(expected, within(1e-4 * expected));
    }
  }

  /** The share of the marked classes and that of the others. */
  private static double[] shares(
      float[] logits, float[] marked, int row, int classes, double temperature) {
    double[] sums = new double[2];
    for (int i = row * classes; i < (row + 1) * classes; i++) {
      sums[marked[i] == 1 ? 0 : 1] += Math.exp(logits[i] / temperature);
    }
    double all = sums[0] + sums[1];
    return new double[] {sums[0] / all, sums[1] / all};
  }
}

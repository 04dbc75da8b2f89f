package io.facet.models.distill.ukd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.distill.MethodContract;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class RpsdTest extends MethodContract {
  RpsdTest() {
    super("rpsd");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{}",
        "{\"k\": 1, \"capacity\": 5}",
        "{\"mining\": \"teacher-hard\", \"k\": 1, \"capacity\": 20, \"warmUpBatches\": 2}",
        "{\"mining\": \"all\", \"bankSpace\": \"teacher\"}");
  }

  @Test
  void aStrangerIsMinedByTheTeachersViewAndARelativeAlways() {
    RpsdOptions options = options(PairMining.TEACHER_HARD, 1, 8, 0);
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base)) {
      PairSimilarities pairs = new PairSimilarities(options, 2, 2);
      pairs.initialise(scope.manager(), 1);
      NDArray student = rows(scope, 1, 0, 0, 1, 1, 0, 0.6f, 0.8f);
      NDArray teacher = rows(scope, 1, 0, 1, 0, 0, 1, 0.8f, 0.6f);
      NDArray labels = scope.manager().create(new long[] {0, 0, 1, 2});
      // mined: (0,1) (0,3) | (1,0) (1,3) | (2,3) | (3,0), the first of two equally alike
      float[] differences = {-1, 0.6f - 0.8f, -1, 0.8f - 0.8f, 0.6f - 0.6f, 0.6f - 0.8f};
      double expected = 0;
      for (float difference : differences) {
        expected += difference * difference / differences.length;
      }

      assertThat((double) pairs.loss(student, teacher, labels).getFloat())
          .isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void theBankWaitsForItsWarmUpUnlessItIsFull() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base)) {
      NDArray one = rows(scope, 1, 0);
      NDArray other = rows(scope, 0, 1);
      NDArray label = scope.manager().create(new long[] {0});
      for (int capacity : new int[] {1, 8}) {
        PairSimilarities pairs =
            new PairSimilarities(options(PairMining.ALL, 1, capacity, 2), 2, 2);
        pairs.initialise(scope.manager(), 1);
        pairs.remember(one, other, label);
        assertThat(pairs.loss(one, one, label).getFloat()).isEqualTo(capacity == 1 ? 1f : 0f);
        pairs.remember(one, other, label);
        assertThat(pairs.loss(one, one, label).getFloat()).isEqualTo(1f);
      }
    }
  }

  private static RpsdOptions options(PairMining mining, int k, int capacity, int warmUp) {
    return new RpsdOptions(mining, BankSpace.OWN, k, capacity, warmUp);
  }

  private static NDArray rows(TensorScope scope, float... values) {
    return scope.manager().create(values).reshape(values.length / 2, 2);
  }
}

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
        "{k: 1, capacity: 5}",
        "{mining: teacher-hard, k: 1, capacity: 20, warmUpBatches: 2}",
        "{mining: all, bankSpace: teacher}",
        "{sameIdentity: mask, capacity: 7}");
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

      assertThat(
              (double) pairs.loss(student, teacher, labels, images(scope, 0, 1, 2, 3)).getFloat())
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
      long remembered = 0;
      for (int capacity : new int[] {1, 8}) {
        PairSimilarities pairs =
            new PairSimilarities(options(PairMining.ALL, 1, capacity, 2), 2, 2);
        pairs.initialise(scope.manager(), 1);
        pairs.remember(one, other, label, images(scope, remembered++));
        assertThat(pairs.loss(one, one, label, images(scope, 9)).getFloat())
            .isEqualTo(capacity == 1 ? 1f : 0f);
        pairs.remember(one, other, label, images(scope, remembered++));
        assertThat(pairs.loss(one, one, label, images(scope, 9)).getFloat()).isEqualTo(1f);
      }
    }
  }

  /** A student that has changed since would learn from its own older row; the teacher says 1. */
  @Test
  void anImageIsNoPairWithItself() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base)) {
      NDArray then = rows(scope, 1, 0);
      NDArray now = rows(scope, 0, 1);
      NDArray label = scope.manager().create(new long[] {0});
      for (PairMining mining : PairMining.values()) {
        PairSimilarities pairs = new PairSimilarities(options(mining, 1, 8, 0), 2, 2);
        pairs.initialise(scope.manager(), 1);
        pairs.remember(then, then, label, images(scope, 3));

        assertThat(pairs.loss(now, then, label, images(scope, 3)).getFloat()).isZero();
        assertThat(pairs.loss(now, then, label, images(scope, 4)).getFloat()).isEqualTo(1);
        NDArray twice = rows(scope, 0, 1, 1, 0);
        NDArray labels = scope.manager().create(new long[] {0, 0});
        NDArray same = rows(scope, 1, 0, 1, 0);
        assertThat(pairs.loss(twice, same, labels, images(scope, 3, 3)).getFloat()).isZero();
      }
    }
  }

  @Test
  void identitiesAreMaskedWhereAskedAndUnknownOnesNever() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base)) {
      NDArray student = rows(scope, 1, 0, 0, 1, 0.6f, 0.8f);
      NDArray teacher = rows(scope, 1, 0, 1, 0, 1, 0);
      NDArray older = rows(scope, -1, 0);
      // differences: (0,1) -1, (0,2) -0.4, (1,2) -0.2; with the older row: -2, -1, -1.6
      double[] expected = {
        // labels 0 0 1, older 0: (0,2) (1,2) twice and (2,older)
        (2 * 0.16 + 2 * 0.04 + 1.6 * 1.6) / 5,
        // labels -1 -1 0, older -1: all
        (2 * 1 + 2 * 0.16 + 2 * 0.04 + 4 + 1 + 1.6 * 1.6) / 9
      };
      long[][] labels = {{0, 0, 1, 0}, {-1, -1, 0, -1}};
      for (int i = 0; i < labels.length; i++) {
        RpsdOptions options =
            new RpsdOptions(PairMining.ALL, BankSpace.OWN, 1, 8, 0, SameIdentity.MASK);
        PairSimilarities pairs = new PairSimilarities(options, 2, 2);
        pairs.initialise(scope.manager(), 1);
        pairs.remember(
            older,
            rows(scope, 1, 0),
            scope.manager().create(new long[] {labels[i][3]}),
            images(scope, 7));
        NDArray batch = scope.manager().create(java.util.Arrays.copyOf(labels[i], 3));

        assertThat((double) pairs.loss(student, teacher, batch, images(scope, 0, 1, 2)).getFloat())
            .isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  private static NDArray images(TensorScope scope, long... indices) {
    return scope.manager().create(indices);
  }

  private static RpsdOptions options(PairMining mining, int k, int capacity, int warmUp) {
    return new RpsdOptions(mining, BankSpace.OWN, k, capacity, warmUp, SameIdentity.KEEP);
  }

  private static NDArray rows(TensorScope scope, float... values) {
    return scope.manager().create(values).reshape(values.length / 2, 2);
  }
}

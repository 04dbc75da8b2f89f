package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecomputationTest {
  private final NDManager base = Torch.newManager();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void close() {
    base.close();
  }

  private UnaryOperator<NDArray> times(NDArray weight) {
    return x -> {
      calls.incrementAndGet();
      return x.mul(weight);
    };
  }

  private static NDArray leaf(TensorScope scope, float... values) {
    NDArray array = scope.manager().create(values);
    array.setRequiresGradient(true);
    return array;
  }

  @Test
  void partsRunAgainAndPassTheirDerivativesOn() {
    try (TensorScope scope = TensorScope.training(base)) {
      NDArray x = leaf(scope, 1, 2);
      NDArray first = leaf(scope, 3, 5);
      NDArray second = leaf(scope, 7, 11);
      NDArray y = Recomputation.run(Recomputation.run(x, times(first)), times(second));
      assertThat(y.toFloatArray()).containsExactly(21, 110);
      assertThat(calls).hasValue(2);

      scope.backward(y.sum());

      assertThat(calls).hasValue(4);
      assertThat(x.getGradient().toFloatArray()).containsExactly(21, 55);
      assertThat(first.getGradient().toFloatArray()).containsExactly(7, 22);
      assertThat(second.getGradient().toFloatArray()).containsExactly(3, 10);
    }
  }

  @Test
  void aPartMayHoldAnother() {
    try (TensorScope scope = TensorScope.training(base)) {
      NDArray weight = leaf(scope, 3);
      NDArray x = leaf(scope, 2);
      NDArray y = Recomputation.run(x, z -> Recomputation.run(z.square(), times(weight)));

      scope.backward(y.sum());

      assertThat(x.getGradient().toFloatArray()).containsExactly(12);
      assertThat(weight.getGradient().toFloatArray()).containsExactly(4);
    }
  }

  @Test
  void anOutputThatNothingReadsIsNotComputedAgain() {
    try (TensorScope scope = TensorScope.training(base)) {
      NDArray weight = leaf(scope, 3);
      NDArray read = Recomputation.run(leaf(scope, 2), times(weight));
      Recomputation.run(read, times(weight));

      scope.backward(read.sum());

      assertThat(calls).hasValue(3);
      assertThat(weight.getGradient().toFloatArray()).containsExactly(2);
    }
  }

  @Test
  void withoutDerivativesAPartRunsOnce() {
    try (TensorScope scope = TensorScope.training(base)) {
      NDArray frozen = scope.manager().create(3f);
      NDArray learns = leaf(scope, 1);
      NDArray x = scope.manager().create(new float[] {2});
      NDArray y = Recomputation.run(x, times(frozen));
      scope.backward(y.mul(learns).sum());
      assertThat(calls).hasValue(1);
      assertThat(learns.getGradient().toFloatArray()).containsExactly(6);
    }
    try (TensorScope scope = TensorScope.inference(base)) {
      Recomputation.run(leaf(scope, 2), times(scope.manager().create(3f)));
      assertThat(calls).hasValue(2);
    }
  }

  @Test
  void batchNormalisationMovesItsStatisticsOnce() {
    float[] plain = statistics(UnaryOperator.identity());
    float[] again = statistics(part -> x -> Recomputation.run(x, part));
    assertThat(again).isEqualTo(plain);
  }

  private float[] statistics(UnaryOperator<UnaryOperator<NDArray>> how) {
    try (BatchNormalisation layer = new BatchNormalisation(2)) {
      layer.initialise(base, 1);
      try (TensorScope scope = TensorScope.training(base, layer)) {
        NDArray x = leaf(scope, 1, 2, 3, 5, 8, 13).reshape(new Shape(3, 2));
        scope.backward(how.apply(y -> layer.forward(y, true)).apply(x).square().sum());
        return layer.runningMean().array().toFloatArray();
      }
    }
  }

  @Test
  void anUnfinishedStepLeavesNothingBehind() {
    try (TensorScope scope = TensorScope.training(base)) {
      Recomputation.run(leaf(scope, 2), times(leaf(scope, 3)));
    }
    try (TensorScope scope = TensorScope.training(base)) {
      scope.backward(leaf(scope, 2).sum());
    }
    assertThat(calls).hasValue(1);
    assertThat(TensorScope.recording()).isNull();
  }
}

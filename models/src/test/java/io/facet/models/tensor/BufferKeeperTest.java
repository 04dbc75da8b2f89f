package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BufferKeeperTest {
  private static final int FACTORS = 200;

  @Test
  void gradientsSurviveAGarbageCollectionBeforeTheBackwardPass() throws Exception {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      List<NDArray> inputs = new ArrayList<>();
      NDArray total = scope.manager().create(0f);
      for (int i = 0; i < FACTORS; i++) {
        NDArray x = scope.manager().ones(new Shape(3));
        x.setRequiresGradient(true);
        inputs.add(x);
        total = total.add(x.mul((float) (i + 2)).sum());
      }
      collectGarbage();
      List<ByteBuffer> others = new ArrayList<>();
      for (int i = 0; i < 10 * FACTORS; i++) {
        others.add(ByteBuffer.allocateDirect(4).putFloat(0, Float.NaN));
      }
      scope.backward(total);

      for (int i = 0; i < FACTORS; i++) {
        assertThat(inputs.get(i).getGradient().toFloatArray()).containsOnly(i + 2f);
      }
      assertThat(others).hasSize(10 * FACTORS);
    }
  }

  /** Returns when something unreachable has been cleaned up. */
  private static void collectGarbage() throws InterruptedException {
    CountDownLatch cleaned = new CountDownLatch(1);
    Cleaner.create().register(new Object(), cleaned::countDown);
    for (int i = 0; i < 50 && cleaned.getCount() > 0; i++) {
      System.gc();
      cleaned.await(100, TimeUnit.MILLISECONDS);
    }
    assertThat(cleaned.getCount()).isZero();
  }
}

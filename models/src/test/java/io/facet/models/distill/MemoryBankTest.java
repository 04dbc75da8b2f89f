package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import org.junit.jupiter.api.Test;

class MemoryBankTest {
  @Test
  void theNewestRowsTakeThePlaceOfTheOldest() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base);
        MemoryBank bank = new MemoryBank(4, 1, 2)) {
      bank.initialise(scope.manager(), 1);
      assertThat(bank.size()).isZero();

      add(bank, scope, 1, 2, 3);
      assertThat(bank.rows(0).toFloatArray()).containsExactly(1, 2, 3);
      assertThat(bank.full()).isFalse();

      add(bank, scope, 4, 5);
      assertThat(bank.rows(0).toFloatArray()).containsExactly(5, 2, 3, 4);
      assertThat(bank.rows(1).toFloatArray()).containsExactly(5, -5, 2, -2, 3, -3, 4, -4);
      assertThat(bank.full()).isTrue();

      add(bank, scope, 6, 7, 8, 9, 10, 11);
      assertThat(bank.rows(0).toFloatArray()).containsExactly(9, 10, 11, 8);
      assertThat(bank.taken()).isEqualTo(11);
    }
  }

  private static void add(MemoryBank bank, TensorScope scope, float... values) {
    NDArray column = scope.manager().create(values).expandDims(1);
    bank.add(column, column.concat(column.neg(), 1));
  }
}

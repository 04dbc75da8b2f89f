package io.facet.models.distill.part;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.method.Qud;
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

  @Test
  void itKnowsWhichRowsAreOfTheSameImage() {
    // beyond the whole numbers a float holds exactly
    long large = (1 << 24) + 1;
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base);
        MemoryBank bank = new MemoryBank(4, 1)) {
      bank.initialise(scope.manager(), 1);
      NDArray column = scope.manager().zeros(new Shape(3, 1));
      bank.add(scope.manager().create(new long[] {0, large, 70_000}), column);

      NDArray batch = scope.manager().create(new long[] {large, large - 1, 70_000, 4464, 0});
      assertThat(bank.sameImage(batch).getShape()).isEqualTo(new Shape(5, 3));
      assertThat(bank.sameImage(batch).toFloatArray())
          .containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0);

      bank.add(scope.manager().create(new long[] {5, 0, Integer.MAX_VALUE}), column);
      NDArray later = scope.manager().create(new long[] {0, Integer.MAX_VALUE, large});
      assertThat(bank.sameImage(later).toFloatArray())
          .containsExactly(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void rowsItBeginsWithAreOfNoImage() {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.inference(base);
        MemoryBank bank = MemoryBank.full(3, 2, Qud::unitRows)) {
      bank.initialise(scope.manager(), 1);

      NDArray batch = scope.manager().create(new long[] {0, 1, 65_535});
      assertThat(bank.sameImage(batch).toFloatArray()).hasSize(9).containsOnly(0);
    }
  }

  private static void add(MemoryBank bank, TensorScope scope, float... values) {
    NDArray column = scope.manager().create(values).expandDims(1);
    bank.add(
        column.squeeze(1).toType(DataType.INT64, false), column, column.concat(column.neg(), 1));
  }
}

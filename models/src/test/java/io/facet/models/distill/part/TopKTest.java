package io.facet.models.distill.part;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Torch;
import org.junit.jupiter.api.Test;

class TopKTest {
  @Test
  void marksTheHighestOfEachRowAndTheFirstOfEquals() {
    try (NDManager manager = Torch.newManager()) {
      NDArray scores = manager.create(new float[][] {{1, 3, 2, 3}, {5, 5, 5, 5}, {-1, -2, -3, 0}});

      assertThat(TopK.perRow(scores, 2).toFloatArray())
          .containsExactly(0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1);
      assertThat(TopK.perRow(scores, 3).toFloatArray())
          .containsExactly(0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1);
      assertThat(TopK.perRow(scores, 9).toFloatArray()).containsOnly(1);
    }
  }
}

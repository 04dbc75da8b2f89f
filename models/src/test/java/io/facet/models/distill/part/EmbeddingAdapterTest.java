package io.facet.models.distill.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.tensor.Torch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EmbeddingAdapterTest {
  @Test
  void theRegressionFindsALinearMap() {
    try (NDManager manager = Torch.newManager()) {
      manager.getEngine().setRandomSeed(1);
      NDArray from = manager.randomNormal(new Shape(400, 6));
      NDArray map = manager.randomNormal(new Shape(6, 9));

      NDArray found = EmbeddingAdapter.regression(from, from.matMul(map));

      assertThat(found.sub(map).abs().max().getFloat()).isCloseTo(0, within(0.01f));
    }
  }

  @Test
  void fewerFacesThanDimensionsGiveABoundedMap() {
    try (NDManager manager = Torch.newManager()) {
      manager.getEngine().setRandomSeed(1);
      NDArray from = manager.randomNormal(new Shape(3, 32));
      NDArray to = manager.randomNormal(new Shape(3, 8));

      NDArray found = EmbeddingAdapter.regression(from, to);

      assertThat(found.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(found.abs().max().getFloat()).isLessThan(1);
      assertThat(from.matMul(found).sub(to).abs().max().getFloat()).isLessThan(0.05f);
    }
  }

  @Test
  void differentWidthsNeedAMap() {
    AdapterOptions never = new AdapterOptions(AdapterOptions.Use.NEVER, Optional.empty());

    assertThatThrownBy(() -> new EmbeddingAdapter("l2", 4, 8, never))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("adapter: {use: different-widths}");
  }
}

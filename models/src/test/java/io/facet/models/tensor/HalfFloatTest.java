package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void everyNumberOf16BitsComesBack() {
    for (int i = Short.MIN_VALUE; i <= Short.MAX_VALUE; i++) {
      short half = (short) i;
      float value = HalfFloat.toFloat(half);
      if (Float.isNaN(value)) {
        assertThat(half & 0x7FFF).isGreaterThan(0x7C00);
        assertThat(HalfFloat.toFloat(HalfFloat.of(value))).isNaN();
      } else {
        assertThat(HalfFloat.of(value)).isEqualTo(half);
      }
    }
  }

  @Test
  void roundingIsPyTorchs() {
    Random random = new Random(3);
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(44) - 27));
    }
    float[] edges = {0, -0f, 65_504, 65_519.99f, 65_520, 1e30f, 0x1p-24f, 0x1p-25f, 0x1.01p-25f};
    System.arraycopy(edges, 0, values, 0, edges.length);
    try (NDManager manager = Torch.newManager();
        NDArray half = manager.create(values).toType(DataType.FLOAT16, true)) {
      float[] expected = half.toType(DataType.FLOAT32, true).toFloatArray();
      for (int i = 0; i < values.length; i++) {
        assertThat(HalfFloat.toFloat(HalfFloat.of(values[i])))
            .as("%s", values[i])
            .isEqualTo(expected[i]);
      }
    }
  }
}

package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import org.junit.jupiter.api.Test;

class NpyTest {
  @Test
  void readsBackWhatItWrote() {
    for (Shape shape :
        new Shape[] {new Shape(), new Shape(1), new Shape(1, 1), new Shape(1, 1, 1)}) {
      byte[] floats = Npy.write(new Npy.Floats(shape, new float[] {-1.5f}));
      Npy.Floats back = (Npy.Floats) Npy.read(floats, "x.npy");
      assertThat(back.shape()).isEqualTo(shape);
      assertThat(back.values()).containsExactly(-1.5f);
      assertThat(floats.length).isEqualTo(128 + 4);
    }
    Npy.Longs longs =
        (Npy.Longs)
            Npy.read(Npy.write(new Npy.Longs(new Shape(2), new long[] {1L << 40, -3})), "x.npy");
    assertThat(longs.values()).containsExactly(1L << 40, -3);
  }

  @Test
  void refusesCutAndForeignFiles() {
    byte[] whole = Npy.write(new Npy.Floats(new Shape(2), new float[2]));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Npy.read(cut, "x.npy"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("x.npy");
    }
    byte[] doubles =
        new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1)
            .replace("<f4", "<f8")
            .replace("(2,)", "(1,)")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Npy.read(doubles, "x.npy"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("<f8");
  }
}

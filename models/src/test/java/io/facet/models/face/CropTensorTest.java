package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.Preprocessing.ColourOrder;
import io.facet.models.face.Preprocessing.FlipFusion;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class CropTensorTest {
  /** 4x1 pixels; blue 0..3, green 10..13, red 20..23. */
  private static final Pixels STRIP =
      new Pixels(4, 1, new byte[] {0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23});

  private static Preprocessing identity(ColourOrder order, int width) {
    double scale = 1 / 255.0;
    return new Preprocessing(
        order,
        width,
        1,
        List.of(0.0, 0.0, 0.0),
        List.of(scale, scale, scale),
        "strip",
        FlipFusion.NONE);
  }

  @Test
  void rgbInputHasTheRedPlaneFirst() {
    assertThat(CropTensor.chw(STRIP, identity(ColourOrder.RGB, 4), false))
        .containsExactly(20, 21, 22, 23, 10, 11, 12, 13, 0, 1, 2, 3);
  }

  @Test
  void bgrInputHasTheBluePlaneFirst() {
    assertThat(CropTensor.chw(STRIP, identity(ColourOrder.BGR, 4), false))
        .containsExactly(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
  }

  @Test
  void mirroredInputExchangesLeftAndRight() {
    assertThat(CropTensor.chw(STRIP, identity(ColourOrder.BGR, 4), true))
        .containsExactly(3, 2, 1, 0, 13, 12, 11, 10, 23, 22, 21, 20);
  }

  @Test
  void narrowerInputTakesTheMiddleColumns() {
    assertThat(CropTensor.chw(STRIP, identity(ColourOrder.BGR, 2), false))
        .containsExactly(1, 2, 11, 12, 21, 22);
    assertThat(CropTensor.chw(STRIP, identity(ColourOrder.BGR, 2), true))
        .containsExactly(2, 1, 12, 11, 22, 21);
  }

  @Test
  void meanAndDeviationApplyPerChannelOnTheUnitScale() {
    Preprocessing preprocessing =
        new Preprocessing(
            ColourOrder.RGB,
            1,
            1,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            "dot",
            FlipFusion.NONE);
    Pixels dot = new Pixels(1, 1, new byte[] {(byte) 255, (byte) 128, 0});

    assertThat(CropTensor.chw(dot, preprocessing, false))
        .containsExactly(
            (float) (-0.485 / 0.229),
            (float) ((128 / 255.0 - 0.456) / 0.224),
            (float) ((1 - 0.406) / 0.225));
  }

  @Test
  void severalCropsFillOneBufferOneAfterAnother() {
    Preprocessing preprocessing = identity(ColourOrder.BGR, 4);
    FloatBuffer batch = FloatBuffer.allocate(2 * CropTensor.size(preprocessing));

    CropTensor.put(STRIP, preprocessing, false, batch);
    CropTensor.put(STRIP, preprocessing, true, batch);

    assertThat(batch.hasRemaining()).isFalse();
    assertThat(batch.get(0)).isZero();
    assertThat(batch.get(12)).isEqualTo(3);
  }

  @Test
  void nothingIsWrittenBehindTheBuffer() {
    Preprocessing preprocessing = identity(ColourOrder.BGR, 4);
    int size = CropTensor.size(preprocessing);
    FloatBuffer part = FloatBuffer.allocate(2 * size).limit(size - 1);

    assertThatThrownBy(() -> CropTensor.put(STRIP, preprocessing, false, part))
        .isInstanceOf(BufferOverflowException.class);

    assertThat(part.array()).containsOnly(0);
  }

  @Test
  void aBufferOutsideTheHeapGetsTheSameNumbers() {
    Preprocessing preprocessing = identity(ColourOrder.RGB, 4);
    int size = CropTensor.size(preprocessing);
    FloatBuffer direct = ByteBuffer.allocateDirect(size * Float.BYTES).asFloatBuffer();

    CropTensor.put(STRIP, preprocessing, true, direct);

    float[] numbers = new float[size];
    direct.rewind().get(numbers);
    assertThat(numbers).isEqualTo(CropTensor.chw(STRIP, preprocessing, true));
  }

  @Test
  void cropThatDoesNotFitIsRefusedWithBothSizes() {
    assertThatThrownBy(() -> CropTensor.chw(STRIP, Preprocessing.STANDARD, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4x1")
        .hasMessageContaining("112x112");
  }
}

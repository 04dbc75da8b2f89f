package io.facet.models.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.Preprocessing.ColourOrder;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputImagesTest {
  private static final boolean[] MIRRORED = {false, true, true};

  /** A network that sees the middle of a crop, with another deviation in each channel. */
  private static Preprocessing preprocessing(ColourOrder order) {
    Preprocessing standard = Preprocessing.STANDARD;
    return new Preprocessing(
        order,
        96,
        112,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        standard.template(),
        standard.flipFusion());
  }

  private static Pixels crop(long seed) {
    byte[] bgr = new byte[112 * 112 * 3];
    new Random(seed).nextBytes(bgr);
    return new Pixels(112, 112, bgr);
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceMakesOfPixelsWhatTheHostMakesItself(ColourOrder order) {
    Preprocessing preprocessing = preprocessing(order);
    InputImages host = InputImages.onHost(preprocessing, MIRRORED);
    InputImages device =
        InputImages.forDevice(
            preprocessing, MIRRORED, new byte[MIRRORED.length * CropTensor.size(preprocessing)]);
    for (int slot : new int[] {2, 0, 1}) {
      host.put(slot, crop(slot));
      device.put(slot, crop(slot));
    }
    try (NDManager manager = Torch.newManager()) {
      NDArray made = device.array(manager, Device.cpu());
      assertThat(made.getShape()).isEqualTo(new Shape(3, 3, 112, 96));
      assertThat(made.toFloatArray()).isEqualTo(host.values());
      assertThat(host.array(manager, Device.cpu()).toFloatArray()).isEqualTo(host.values());
    }
  }
}

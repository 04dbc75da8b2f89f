package io.facet.models.train.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.NewArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Crops of a batch as the input of a network. On the host they are its floats; for another device
 * they stay pixels of a byte, a quarter to be copied there, and the device mirrors and normalises
 * them: {@code (x / 255 - mean) / standardDeviation} for each channel, with the bits of the host.
 */
public final class InputImages {
  private static final int CHANNELS = 3;

  private final Preprocessing preprocessing;
  private final boolean[] mirrored;

  /** {@code (B, 3, H, W)}; null for another device. */
  private final float[] values;

  /** {@code (B, H, W, 3)}, blue first, not mirrored yet; null on the host. */
  private final byte[] pixels;

  private InputImages(
      Preprocessing preprocessing, boolean[] mirrored, float[] values, byte[] pixels) {
    this.preprocessing = preprocessing;
    this.mirrored = mirrored;
    this.values = values;
    this.pixels = pixels;
  }

  /**
   * Images for a network on the host, still to be {@link #put}.
   *
   * @param mirrored which of them left and right are exchanged of
   */
  public static InputImages onHost(Preprocessing preprocessing, boolean[] mirrored) {
    return onHost(
        preprocessing, mirrored, new float[mirrored.length * CropTensor.size(preprocessing)]);
  }

  /** The same in an array that held others. */
  static InputImages onHost(Preprocessing preprocessing, boolean[] mirrored, float[] values) {
    return new InputImages(preprocessing, mirrored, values, null);
  }

  /** The same for a network on another device. */
  static InputImages forDevice(Preprocessing preprocessing, boolean[] mirrored, byte[] pixels) {
    return new InputImages(preprocessing, mirrored, null, pixels);
  }

  /** Images that are the floats of a network already, {@code (B, 3, H, W)}. */
  public static InputImages of(Preprocessing preprocessing, float[] values) {
    int count = values.length / CropTensor.size(preprocessing);
    return new InputImages(preprocessing, new boolean[count], values, null);
  }

  /** Sets one image; threads may set different ones. */
  public void put(int slot, Pixels crop) {
    int size = CropTensor.size(preprocessing);
    if (values != null) {
      FloatBuffer target = FloatBuffer.wrap(values, slot * size, size);
      CropTensor.put(crop, preprocessing, mirrored[slot], target);
    } else {
      CropTensor.copy(crop, preprocessing, ByteBuffer.wrap(pixels, slot * size, size));
    }
  }

  /** The floats {@code (B, 3, H, W)}; null for another device. */
  public float[] values() {
    return values;
  }

  /** The pixels {@code (B, H, W, 3)}; null on the host. */
  byte[] pixels() {
    return pixels;
  }

  /**
   * The images where the network is, {@code (B, 3, H, W)}, float32; the caller's manager owns it.
   */
  public NDArray array(NDManager manager, Device device) {
    int height = preprocessing.height();
    int width = preprocessing.width();
    if (values != null) {
      Shape shape = new Shape(mirrored.length, CHANNELS, height, width);
      return NewArray.of(manager, device, FloatBuffer.wrap(values), shape);
    }
    try (NDManager inner = manager.newSubManager()) {
      Shape shape = new Shape(mirrored.length, height, width, CHANNELS);
      NDArray bytes = NewArray.of(inner, device, ByteBuffer.wrap(pixels), shape);
      NDArray planes = bytes.transpose(0, 3, 1, 2);
      if (preprocessing.colourOrder() == Preprocessing.ColourOrder.RGB) {
        planes = planes.flip(1);
      }
      NDArray normalised = normalised(planes, inner, device);
      NDArray flags = mirrored(inner, device).broadcast(normalised.getShape());
      NDArray seen = NDArrays.where(flags, normalised.flip(3), normalised);
      seen.attach(manager);
      return seen;
    }
  }

  /** Each value by the table of its channel: the very bits of the host. */
  private NDArray normalised(NDArray planes, NDManager manager, Device device) {
    float[] tables = new float[CHANNELS * CropTensor.VALUES];
    long[] starts = new long[CHANNELS];
    for (int channel = 0; channel < CHANNELS; channel++) {
      starts[channel] = (long) channel * CropTensor.VALUES;
      float[] table = CropTensor.table(preprocessing, channel);
      System.arraycopy(table, 0, tables, (int) starts[channel], table.length);
    }
    NDArray places =
        planes
            .toType(DataType.INT64, false)
            .add(NewArray.of(manager, device, starts).reshape(1, CHANNELS, 1, 1));
    NDArray values =
        NewArray.of(manager, device, FloatBuffer.wrap(tables), new Shape(tables.length));
    return values.take(places);
  }

  private NDArray mirrored(NDManager manager, Device device) {
    byte[] flags = new byte[mirrored.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) (mirrored[i] ? 1 : 0);
    }
    return NewArray.of(manager, device, ByteBuffer.wrap(flags), new Shape(mirrored.length, 1, 1, 1))
        .toType(DataType.BOOLEAN, false);
  }
}

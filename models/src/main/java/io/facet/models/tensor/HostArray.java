package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.function.Function;

/**
 * Numbers of arrays in Java. Reading waits until the device has computed them, so a training step
 * that runs on a GPU reads nothing.
 */
public final class HostArray {
  private HostArray() {}

  /** All numbers of a float32 array, row by row. */
  public static float[] floats(NDArray x) {
    return read(x, NDArray::toFloatArray);
  }

  /** All numbers of an int64 array, row by row. */
  public static long[] longs(NDArray x) {
    return read(x, NDArray::toLongArray);
  }

  /** A float32 scalar. */
  public static float number(NDArray x) {
    return read(x, array -> array.getFloat());
  }

  /** A float64 scalar. */
  public static double precise(NDArray x) {
    return read(x, array -> array.getDouble());
  }

  /** DJL copies an array of a device to the host for each read and never frees the copy. */
  private static <T> T read(NDArray x, Function<NDArray, T> reader) {
    if (x.getDevice().equals(Device.cpu())) {
      return reader.apply(x);
    }
    try (NDArray host = x.toDevice(Device.cpu(), true)) {
      return reader.apply(host);
    }
  }
}

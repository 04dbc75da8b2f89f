package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * New arrays where another array is: on its device and in its manager, as PyTorch's {@code
 * x.new_zeros} and its like.
 */
public final class NewArray {
  private NewArray() {}

  /** Zeros of type float32. */
  public static NDArray zeros(NDArray x, Shape shape) {
    return zeros(x.getManager(), x.getDevice(), shape);
  }

  /** Zeros of type float32 in another manager. */
  public static NDArray zeros(NDManager manager, Device device, Shape shape) {
    return JniUtils.createZerosNdArray(
        (PtNDManager) manager, shape, DataType.FLOAT32, device, SparseFormat.DENSE);
  }

  /** Ones of the type of {@code x}. */
  public static NDArray ones(NDArray x, Shape shape) {
    return JniUtils.createOnesNdArray(
        manager(x), shape, x.getDataType(), x.getDevice(), SparseFormat.DENSE);
  }

  /** The identity matrix {@code (n, n)}, float32. */
  public static NDArray eye(NDArray x, int n) {
    return JniUtils.eye(manager(x), n, n, DataType.FLOAT32, x.getDevice(), SparseFormat.DENSE);
  }

  /** Numbers from -1 to 1 at equal distances, {@code (n)}, float32. */
  public static NDArray grid(NDArray x, int n) {
    return JniUtils.linspace(
        manager(x), -1f, 1f, n, DataType.FLOAT32, x.getDevice(), SparseFormat.DENSE);
  }

  /** Numbers from Java, {@code (n)}, int64. */
  public static NDArray of(NDArray x, long... values) {
    return of(x.getManager(), x.getDevice(), values);
  }

  /** Numbers from Java in another manager, {@code (n)}, int64. */
  public static NDArray of(NDManager manager, Device device, long... values) {
    return upload(manager.create(values), device);
  }

  /** Numbers from Java, float32. */
  public static NDArray of(NDArray x, float[] values, Shape shape) {
    return of(x.getManager(), x.getDevice(), FloatBuffer.wrap(values), shape);
  }

  /** Numbers from Java in another manager, float32. */
  public static NDArray of(NDManager manager, Device device, FloatBuffer values, Shape shape) {
    return upload(Torch.array(manager, values, shape), device);
  }

  /** Bytes from Java in another manager, uint8. */
  public static NDArray of(NDManager manager, Device device, ByteBuffer bytes, Shape shape) {
    return upload(manager.create(bytes, shape, DataType.UINT8), device);
  }

  /**
   * An array of the host on a device, without a wait for what the device is doing; the argument
   * itself if it is there already, else it is closed.
   */
  public static NDArray upload(NDArray host, Device device) {
    return device.equals(Device.cpu()) ? host : TorchOps.upload(host, device);
  }

  private static PtNDManager manager(NDArray x) {
    return (PtNDManager) x.getManager();
  }
}

package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** The PyTorch engine of this process: started once, offline, without telemetry. */
public final class Torch {
  private static final ThreadBuffer STAGING = new ThreadBuffer();

  private Torch() {}

  /**
   * A new manager of native memory; the caller closes it. What it creates by itself lies on the
   * host, so that a number beside an array ({@code x.mul(3)}) is never copied to a GPU; arrays come
   * to a device by {@link NewArray} and {@link Layer#to}, results stay where their operands are.
   */
  public static NDManager newManager() {
    return Holder.ENGINE.newBaseManager(Device.cpu());
  }

  /**
   * An array in memory of PyTorch's own. DJL would let it stand on the Java buffer, whose alignment
   * differs from process to process; matrix kernels choose by alignment how they add up, and the
   * last bits would differ with it.
   */
  public static NDArray array(NDManager manager, FloatBuffer values, Shape shape) {
    ByteBuffer staged = STAGING.bytes(Math.multiplyExact(values.remaining(), Float.BYTES));
    staged.asFloatBuffer().put(values.duplicate());
    try (NDArray view = manager.create(staged, shape, DataType.FLOAT32)) {
      return view.duplicate();
    }
  }

  /** Number of threads of each tensor operation; results may differ in the last bits with it. */
  public static void setThreads(int threads) {
    start();
    JniUtils.setNumThreads(threads);
  }

  /** Number of threads of each tensor operation. */
  public static int threads() {
    start();
    return JniUtils.getNumThreads();
  }

  /** Version of the native library, part of what makes results equal. */
  public static String version() {
    return Holder.ENGINE.getVersion();
  }

  /** Whether the native library was built with CUDA; that needs no GPU. */
  public static boolean hasCuda() {
    return Holder.ENGINE.hasCapability(StandardCapabilities.CUDA);
  }

  /** Loads the native library if this has not happened yet. */
  static void start() {
    if (!Holder.ENGINE.getEngineName().equals("PyTorch")) {
      throw new IllegalStateException("engine is " + Holder.ENGINE.getEngineName());
    }
  }

  private static final class Holder {
    static final Engine ENGINE = load();

    private static Engine load() {
      setDefault("ai.djl.offline", "true");
      setDefault("OPT_OUT_TRACKING", "true");
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      // DJL finds its engines with the thread's loader, which on a worker need not see them.
      thread.setContextClassLoader(Engine.class.getClassLoader());
      try {
        return Engine.getEngine("PyTorch");
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    private static void setDefault(String key, String value) {
      if (System.getProperty(key) == null) {
        System.setProperty(key, value);
      }
    }
  }
}

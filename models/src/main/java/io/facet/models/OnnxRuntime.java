package io.facet.models;

import ai.onnxruntime.OrtEnvironment;

/** The one ONNX Runtime environment of a class loader; sessions come from here. */
public final class OnnxRuntime {
  /**
   * Address space only; the thread lives for the call. ONNX Runtime 1.29 recurses over the
   * characters of the process's command line when its environment is created, and a class path of
   * 3,000 characters ends the process on a stack of the usual 1 MB.
   */
  private static final long STACK_BYTES = 256L << 20;

  private OnnxRuntime() {}

  private static final class Holder {
    static final OrtEnvironment ENVIRONMENT = create();
  }

  /** A class of its own: code of a class that is being initialised stops in other threads. */
  private static final class Creation implements Runnable {
    private OrtEnvironment environment;
    private Throwable failure;

    @Override
    public void run() {
      try {
        environment = OrtEnvironment.getEnvironment();
      } catch (RuntimeException | LinkageError e) {
        failure = e;
      }
    }
  }

  private static OrtEnvironment create() {
    Creation creation = new Creation();
    Thread thread = new Thread(null, creation, "onnx-environment", STACK_BYTES);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // kept for the caller; the environment is needed either way
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (creation.environment == null) {
      throw new IllegalStateException(
          "ONNX Runtime's native library cannot be loaded on this machine", creation.failure);
    }
    return creation.environment;
  }

  /**
   * The environment; loads the native library on first use. Call this and never {@code
   * OrtEnvironment.getEnvironment()}.
   */
  public static OrtEnvironment environment() {
    return Holder.ENVIRONMENT;
  }
}

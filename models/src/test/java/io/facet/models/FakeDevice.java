package io.facet.models;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;

/**
 * A pretend accelerator ({@code src/test/cpp/fake_device.cpp}): the host's arithmetic under another
 * device's rules. It refuses operands of two devices and counts copies and waits. {@code
 * infra/gpu/fake-device} compiles it and runs the tests that need it.
 */
public final class FakeDevice {
  /** Names the compiled library; PyTorch loads it at its start. */
  public static final String LIBRARY = "PYTORCH_EXTRA_LIBRARY_PATH";

  /** Of tests that need it. */
  public static final String TAG = "fake-device";

  public static final Device DEVICE = Device.of("fake", 0);

  /**
   * What has happened since the process began.
   *
   * @param uploads copies from the host
   * @param waits copies to the host and numbers read
   */
  public record Counts(long uploads, long waits) {}

  private FakeDevice() {}

  /** Refuses larger arrays from now on; 0: none. */
  public static void limit(long bytes) {
    NativeLibrary.getInstance(System.getenv(LIBRARY))
        .getFunction("fake_limit")
        .invokeVoid(new Object[] {bytes});
  }

  public static Counts counts() {
    return new Counts(call("fake_uploads"), call("fake_downloads") + call("fake_items"));
  }

  private static long call(String function) {
    return NativeLibrary.getInstance(System.getenv(LIBRARY))
        .getFunction(function)
        .invokeLong(new Object[0]);
  }
}

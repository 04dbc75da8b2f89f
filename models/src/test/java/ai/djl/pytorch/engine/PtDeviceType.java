package ai.djl.pytorch.engine;

import ai.djl.Device;

/**
 * DJL's table of device numbers with one more, for {@code FakeDevice}: DJL asks PyTorch for devices
 * by these numbers alone.
 */
public final class PtDeviceType {
  private static final int PRIVATE_USE = 20;

  private PtDeviceType() {}

  /** PyTorch's number of a kind of device. */
  public static int toDeviceType(Device device) {
    return switch (device.getDeviceType()) {
      case Device.Type.CPU -> 0;
      case Device.Type.GPU -> 1;
      case "mps" -> 13;
      case "fake" -> PRIVATE_USE;
      default -> throw new IllegalArgumentException("Unsupported device: " + device);
    };
  }

  /** The kind of device that has a number. */
  public static String fromDeviceType(int number) {
    return switch (number) {
      case 0 -> Device.Type.CPU;
      case 1 -> Device.Type.GPU;
      case 13 -> "mps";
      case PRIVATE_USE -> "fake";
      default -> throw new IllegalArgumentException("Unsupported deviceType: " + number);
    };
  }
}

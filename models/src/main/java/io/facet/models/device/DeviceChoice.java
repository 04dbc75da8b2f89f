package io.facet.models.device;

import ai.djl.Device;
import io.facet.models.RecipeException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where networks run: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N} of a recipe, looked
 * up once on a machine.
 *
 * @param name {@code cpu} or {@code cuda:N}
 * @param description what it is; for the processor why nothing else was chosen, if that was asked
 * @param warning what a user of {@code auto} should know; empty without
 */
public record DeviceChoice(String name, String description, Optional<String> warning) {
  /** What a recipe may write. */
  public static final Pattern NAMES = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");

  private static final String CPU = "cpu";
  private static final String INSTALL =
      "install the CUDA build with infra/gpu/install and set FACET_TORCH to its folder";

  /**
   * Looks a name up on this machine.
   *
   * @throws RecipeException if it is a GPU that cannot be used; the message names cause and cure
   */
  public static DeviceChoice of(String wanted) {
    return wanted.equals(CPU)
        ? new DeviceChoice(CPU, "as chosen", Optional.empty())
        : of(wanted, new NvidiaDriver());
  }

  static DeviceChoice of(String wanted, Accelerators machine) {
    if (wanted.equals("auto")) {
      Optional<String> problem = problem(machine, 0);
      return problem
          .map(
              why ->
                  new DeviceChoice(
                      CPU,
                      "no usable GPU: " + why,
                      machine.visible()
                          ? Optional.of("a GPU of this machine is not used: " + why)
                          : Optional.empty()))
          .orElseGet(() -> gpu(machine, 0));
    }
    int index = index(wanted);
    problem(machine, index)
        .ifPresent(
            why -> {
              throw new RecipeException(
                  "device: %s cannot be used: %s; or choose device: cpu".formatted(wanted, why));
            });
    return gpu(machine, index);
  }

  private static DeviceChoice gpu(Accelerators machine, int index) {
    return new DeviceChoice("cuda:" + index, machine.description(index), Optional.empty());
  }

  private static Optional<String> problem(Accelerators machine, int index) {
    Optional<String> driver = machine.driverProblem();
    if (driver.isPresent()) {
      return driver;
    }
    if (index >= machine.count()) {
      return Optional.of(
          "the driver shows %d GPU%s, numbered from 0"
              .formatted(machine.count(), machine.count() == 1 ? "" : "s"));
    }
    if (!machine.pytorchHasCuda()) {
      return Optional.of("the PyTorch in use was built for processors alone; " + INSTALL);
    }
    if (!machine.runtimeFound()) {
      return Optional.of(
          "libcudart.so is not found, and without it DJL counts no GPU;"
              + " link libcudart.so to libcudart.so.12 in a folder of LD_LIBRARY_PATH, or "
              + INSTALL);
    }
    return machine
        .trialProblem(index)
        .map(why -> "it refuses to hold a number (" + why + "); see nvidia-smi");
  }

  /** The number behind {@code cuda:}, 0 without. */
  private static int index(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
  }

  /** As DJL names it. */
  public Device device() {
    return name.equals(CPU) ? Device.cpu() : Device.gpu(index(name));
  }

  /** Whether it is the processor. */
  public boolean isHost() {
    return name.equals(CPU);
  }
}

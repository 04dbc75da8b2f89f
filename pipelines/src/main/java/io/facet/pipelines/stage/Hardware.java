package io.facet.pipelines.stage;

import io.facet.models.RecipeException;
import io.facet.models.device.DeviceChoice;
import io.facet.models.device.ForwardPrecision;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.recipe.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What of a machine decides the last bits of a training. */
public final class Hardware {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private static final String AUTO = "auto";

  /** Devices, each looked up once a process. */
  private static final Map<String, DeviceChoice> FOUND = new ConcurrentHashMap<>();

  private Hardware() {}

  /** Threads of a tensor operation. */
  public static int threads(Recipe recipe) {
    return recipe.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  /** Where networks run: {@code auto} is looked up on the machine that plans, and workers obey. */
  public static String device(Recipe recipe) {
    return recipe.device().equals(AUTO) ? found(AUTO).name() : recipe.device();
  }

  /**
   * Looks for the device on this machine, where {@code auto} is chosen and a run without a cluster
   * trains.
   *
   * @return what a user of {@code auto} should know; empty without
   * @throws RecipeException if the recipe's device cannot be used
   */
  public static Optional<String> requireDevice(Recipe recipe) {
    return found(recipe.device()).warning();
  }

  private static DeviceChoice found(String device) {
    return FOUND.computeIfAbsent(device, DeviceChoice::of);
  }

  static FingerprintInputs addTo(FingerprintInputs inputs, Recipe recipe) {
    inputs.hardware("threads", threads(recipe)).hardware("cpu", cpuFamily());
    String device = device(recipe);
    if (!device.equals("cpu")) {
      inputs.hardware("device", described(device));
    }
    return recipe.precision() == ForwardPrecision.FLOAT32
        ? inputs
        : inputs.hardware("precision", recipe.precision());
  }

  /** With model and versions, where the machine that plans has the same device. */
  private static String described(String device) {
    try {
      return device + " " + found(device).description();
    } catch (RecipeException onWorkersOnly) {
      return device;
    }
  }

  /** {@code amd64 AuthenticAMD 25}, or the architecture alone where the system tells no more. */
  public static String cpuFamily() {
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(CPU_INFO)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.UTF_8)) {
      StringBuilder family = new StringBuilder(architecture);
      lines
          .takeWhile(line -> !line.isBlank())
          .filter(line -> line.startsWith("vendor_id") || line.startsWith("cpu family"))
          .forEach(line -> family.append(' ').append(line.substring(line.indexOf(':') + 1).trim()));
      return family.toString();
    } catch (IOException e) {
      return architecture;
    }
  }
}

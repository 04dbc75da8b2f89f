package io.facet.pipelines.stage;

import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.recipe.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What of a machine decides the last bits of a training. */
public final class Hardware {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Hardware() {}

  /** Threads of a tensor operation. */
  public static int threads(Recipe recipe) {
    return recipe.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  static FingerprintInputs addTo(FingerprintInputs inputs, Recipe recipe) {
    return inputs.hardware("threads", threads(recipe)).hardware("cpu", cpuFamily());
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

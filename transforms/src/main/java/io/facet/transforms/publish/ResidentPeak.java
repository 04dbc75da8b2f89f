package io.facet.transforms.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The most memory this process has held at once, as Linux counts it. */
public final class ResidentPeak {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ResidentPeak() {}

  /** Resident bytes at their most, {@code VmHWM}; empty where the system does not tell. */
  public static OptionalLong bytes() {
    return in(STATUS);
  }

  static OptionalLong in(Path status) {
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(status + " cannot be read", e);
    }
  }
}

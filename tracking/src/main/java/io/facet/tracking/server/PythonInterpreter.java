package io.facet.tracking.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Python that can make virtual environments.
 *
 * @param executable its program
 * @param minor the y of its version 3.y, at least 9
 */
record PythonInterpreter(Path executable, int minor) {
  private static final List<String> NAMES =
      List.of(
          "python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "python");
  private static final String PROBE =
      "import sys, venv, ensurepip; print('%d %d' % sys.version_info[:2])";
  private static final int OLDEST_MINOR = 9;

  /**
   * The first usable one: {@code FACET_PYTHON} if set, else the usual names on the {@code PATH}.
   */
  static Optional<PythonInterpreter> find(Map<String, String> environment)
      throws IOException, InterruptedException {
    List<Path> candidates = new ArrayList<>();
    String chosen = environment.getOrDefault("FACET_PYTHON", "");
    if (!chosen.isEmpty()) {
      candidates.add(Path.of(chosen));
    } else {
      String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator);
      for (String name : NAMES) {
        for (String folder : folders) {
          if (!folder.isBlank() && Files.isExecutable(Path.of(folder, name))) {
            candidates.add(Path.of(folder, name));
          }
        }
      }
    }
    for (Path candidate : candidates) {
      Optional<PythonInterpreter> usable = probe(candidate);
      if (usable.isPresent()) {
        return usable;
      }
    }
    return Optional.empty();
  }

  private static Optional<PythonInterpreter> probe(Path candidate)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(candidate.toString(), "-c", PROBE);
    builder.redirectErrorStream(true);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        return Optional.empty();
      }
      String[] version =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ");
      int minor = version.length == 2 ? Integer.parseInt(version[1]) : 0;
      boolean usable = version[0].equals("3") && minor >= OLDEST_MINOR;
      return usable ? Optional.of(new PythonInterpreter(candidate, minor)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}

package io.facet.tracking.server;

import io.facet.tracking.file.Locks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The private Python environment that holds MLflow's server. All stores of a user share it: it lies
 * in {@code FACET_CACHE}, or {@code ~/.cache/facet}. One process makes it while others wait; one
 * that was left half-made, or whose Python is gone, is made anew.
 */
final class MlflowEnvironment {
  private static final Duration LONGEST_INSTALL = Duration.ofMinutes(15);
  private static final Duration LONGEST_STEP = Duration.ofMinutes(2);
  private static final String MARKER = "facet-complete";

  private MlflowEnvironment() {}

  /** Python of a complete environment; throws {@link IOException} with the reason if none. */
  static Path python(
      PythonInterpreter base, Map<String, String> environment, Consumer<String> progress)
      throws IOException, InterruptedException {
    String version = MlflowPin.forPython(base.minor());
    Path cache = cache(environment);
    Files.createDirectories(cache);
    Path folder = cache.resolve("mlflow-" + version);
    try (Locks.Held held =
        Locks.lock(cache.resolve("mlflow-" + version + ".lock"), LONGEST_INSTALL)) {
      if (!complete(folder)) {
        progress.accept("Installing MLflow " + version + " into " + folder + " (once)");
        make(base, folder, version, cache.resolve("mlflow-" + version + ".log"));
      }
    }
    return program(folder);
  }

  private static boolean complete(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(folder.resolve(MARKER)) || !Files.isExecutable(program(folder))) {
      return false;
    }
    List<String> probe = List.of(program(folder).toString(), "-c", "import pip");
    return Commands.run(Commands.python(probe, folder.resolve("probe.log")), LONGEST_STEP);
  }

  private static void make(PythonInterpreter base, Path folder, String version, Path log)
      throws IOException, InterruptedException {
    delete(folder);
    Files.deleteIfExists(log);
    step(List.of(base.executable().toString(), "-m", "venv", folder.toString()), LONGEST_STEP, log);
    step(
        List.of(
            program(folder).toString(),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "mlflow==" + version),
        LONGEST_INSTALL,
        log);
    Files.writeString(folder.resolve(MARKER), version + "\n");
  }

  private static void step(List<String> command, Duration limit, Path log)
      throws IOException, InterruptedException {
    if (!Commands.run(Commands.python(command, log), limit)) {
      throw new IOException(
          "'" + String.join(" ", command) + "' failed: " + Commands.lastLines(log, 3));
    }
  }

  /** The file that stands for starting a server on this machine. */
  static Path startLock(Map<String, String> environment) {
    return cache(environment).resolve("mlflow-start.lock");
  }

  private static Path cache(Map<String, String> environment) {
    String chosen = environment.getOrDefault("FACET_CACHE", "");
    return chosen.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "facet")
        : Path.of(chosen).toAbsolutePath();
  }

  private static Path program(Path folder) {
    return File.separatorChar == '\\'
        ? folder.resolve("Scripts").resolve("python.exe")
        : folder.resolve("bin").resolve("python");
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

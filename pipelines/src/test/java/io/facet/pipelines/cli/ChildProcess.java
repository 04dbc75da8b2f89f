package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The {@code facet} command in a process of its own, so that it can be killed. */
final class ChildProcess implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private final Process process;
  private final Path log;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ChildProcess start(Path log, Object... arguments) throws IOException {
    return startIn(Path.of(""), log, arguments);
  }

  /** As {@link #start} in another working directory. */
  static ChildProcess startIn(Path directory, Path log, Object... arguments) throws IOException {
    return start(directory, log, Map.of(), arguments);
  }

  /** As {@link #start} in another working directory, with more variables in its environment. */
  static ChildProcess start(
      Path directory, Path log, Map<String, String> environment, Object... arguments)
      throws IOException {
    String outside = environment.getOrDefault("FACET_CLASSPATH", "");
    ProcessBuilder builder = new ProcessBuilder(commandBeside(outside, arguments));
    builder.environment().putAll(environment);
    return new ChildProcess(
        builder
            .directory(directory.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start(),
        log);
  }

  /** The words that start the command in a Java like this one. */
  static List<String> command(Object... arguments) {
    return commandBeside("", arguments);
  }

  private static List<String> commandBeside(String outside, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx1500m");
    for (String property :
        List.of(
            "ai.djl.offline",
            "OPT_OUT_TRACKING",
            "org.bytedeco.javacpp.maxPhysicalBytes",
            "java.io.tmpdir")) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    String classPath =
        System.getProperty("java.class.path")
            + (outside.isEmpty() ? "" : File.pathSeparator + outside);
    command.addAll(List.of("-cp", classPath, FacetCommand.class.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** Waits until a file like that is below a store; the process must live until then. */
  Path awaitFile(Path store, String pattern) {
    return await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(20))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              List<Path> found = files(store, pattern);
              assertThat(found.isEmpty() && !process.isAlive())
                  .as(() -> "the process ended too early: " + said())
                  .isFalse();
              return found;
            },
            found -> !found.isEmpty())
        .get(0);
  }

  /** Sockets others could reach from outside; Linux only. */
  List<String> listeningBeyondLoopback() throws IOException {
    return Files.isDirectory(Path.of("/proc/self/net"))
        ? ListeningSockets.beyondLoopback(process.pid())
        : List.of();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** As {@code kill}; the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  /** The exit code, once it has ended by itself. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** All it has printed. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "nothing: " + e;
    }
  }

  /** Files below a folder whose relative path is like the pattern. */
  static List<Path> files(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.find(folder, 8, (p, a) -> true)) {
      all.filter(path -> matcher.matches(folder.relativize(path))).forEach(found::add);
    } catch (UncheckedIOException e) {
      return List.of(); // a file vanished while its folder was read: look again
    }
    return found;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

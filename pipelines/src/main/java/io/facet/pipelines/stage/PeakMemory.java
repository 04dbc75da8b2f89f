package io.facet.pipelines.stage;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.transforms.publish.MemoryProbe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The memory that a model takes where it embeds one face after the other. */
final class PeakMemory {
  private static final int PROCESSES = 3;
  private static final long MINUTES = 10;
  private static final int TOLD_LINES = 3;
  private static final long MEGABYTE = 1 << 20;

  /** Room for the engine's classes; the bytes of a model lie there up to three times. */
  private static final long HEAP_MEGABYTES = 64;

  private static final int HEAP_OF_MODEL = 4;
  private static final long YOUNG_MEGABYTES = 16;

  private final Path folder;
  private final String name;
  private final long heapMegabytes;

  private PeakMemory(Path folder, String name, long modelBytes) {
    this.folder = folder;
    this.name = name;
    heapMegabytes = HEAP_MEGABYTES + HEAP_OF_MODEL * (modelBytes / MEGABYTE + 1);
  }

  /**
   * What a process held.
   *
   * @param peak most resident bytes of Java, the engine and the model together, without Java's heap
   * @param model how much of it came since the engine had run a first, empty model
   */
  record Measured(long peak, long model) {}

  /**
   * Measures it in Java processes of its own, one after the other; the median of three by {@link
   * Measured#model}. Linux only.
   *
   * @param model a model file or a frozen model
   * @param name of the model, for error messages
   * @throws InfrastructureException if such a process fails
   * @throws CancellationException if this thread is interrupted
   */
  static Measured measure(byte[] model, String name) throws IOException {
    Path folder = Files.createTempDirectory("facet-memory");
    try {
      Files.write(folder.resolve("model"), model);
      PeakMemory memory = new PeakMemory(folder, name, model.length);
      List<Measured> all = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        all.add(memory.measure());
      }
      all.sort(Comparator.comparingLong(Measured::model));
      return all.get(PROCESSES / 2);
    } finally {
      LocalFiles.deleteTree(folder);
    }
  }

  private Measured measure() throws IOException {
    Path said = folder.resolve("said");
    Path result = folder.resolve("result");
    Files.deleteIfExists(result);
    ProcessBuilder builder =
        new ProcessBuilder(command(result)).redirectErrorStream(true).redirectOutput(said.toFile());
    // Not among the arguments: ONNX Runtime walks over these and takes memory for each letter.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    // Training has the allocator keep what is freed.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MALLOC_"));
    int code = run(builder);
    if (code != 0) {
      throw failure("ended with exit code %d%s".formatted(code, reason(said)));
    }
    List<String> lines = Files.readAllLines(result);
    long before = Long.parseLong(lines.get(0));
    long after = Long.parseLong(lines.get(1));
    return new Measured(after - heapMegabytes * MEGABYTE, after - before);
  }

  private List<String> command(Path result) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-D"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+AlwaysPreTouch",
            "-Xmn%dm".formatted(YOUNG_MEGABYTES),
            "-Xms%dm".formatted(heapMegabytes),
            "-Xmx%dm".formatted(heapMegabytes),
            "-XX:ErrorFile=" + folder.resolve("crash"),
            MemoryProbe.class.getName(),
            folder.resolve("model").toString(),
            name,
            result.toString()));
    return command;
  }

  private int run(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw failure("did not end within %d minutes".formatted(MINUTES));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the memory of " + name + " is no longer measured");
    } finally {
      process.destroyForcibly();
    }
  }

  private InfrastructureException failure(String how) {
    return new InfrastructureException(
        "the memory of %s could not be measured: its process, with a Java heap of %d MB, %s; free memory on this machine, or set evaluate.memory to false"
            .formatted(name, heapMegabytes, how));
  }

  /** What it said before it ended, without the frames of a stack trace. */
  private static String reason(Path said) throws IOException {
    String lines =
        new String(Files.readAllBytes(said), StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("at "))
            .filter(line -> !line.startsWith("Picked up "))
            .limit(TOLD_LINES)
            .collect(Collectors.joining("; "));
    return lines.isEmpty() ? ", saying nothing" : ": " + lines;
  }
}

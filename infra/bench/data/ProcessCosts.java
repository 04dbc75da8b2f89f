import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has used so far. */
final class ProcessCosts {
  private ProcessCosts() {}

  /** Nanoseconds of all processors. */
  static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Bytes that this process has given to file systems so far, what it spilled among them. */
  static long written() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      if (line.startsWith("write_bytes: ")) {
        return Long.parseLong(line.substring("write_bytes: ".length()));
      }
    }
    throw new IOException("/proc/self/io has no write_bytes");
  }
}

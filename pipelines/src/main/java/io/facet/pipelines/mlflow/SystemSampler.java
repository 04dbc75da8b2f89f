package io.facet.pipelines.mlflow;

import com.sun.management.OperatingSystemMXBean;
import io.facet.pipelines.DaemonThreads;
import io.facet.tracking.TrackedRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a run every few seconds what this machine and process use, under the names that MLflow
 * shows on its page of system metrics. With a cluster it is the driver's machine.
 */
final class SystemSampler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SystemSampler.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double MEGABYTE = 1 << 20;

  private final TrackedRun run;
  private final Path store;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-system"));
  private long sample;

  SystemSampler(TrackedRun run, Path store) {
    this.run = run;
    this.store = store;
    thread.scheduleAtFixedRate(this::sample, 1, PERIOD.toSeconds(), TimeUnit.SECONDS);
  }

  /** Resident megabytes of this process, or nothing where the system does not tell. */
  static Map<String, Double> memory() {
    Map<String, Double> memory = new LinkedHashMap<>();
    Runtime java = Runtime.getRuntime();
    memory.put("memory/heap_megabytes", (java.totalMemory() - java.freeMemory()) / MEGABYTE);
    if (Files.isReadable(STATUS)) {
      try {
        for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
          if (line.startsWith("VmRSS:")) {
            memory.put("memory/resident_megabytes", kilobytes(line) / 1024);
          } else if (line.startsWith("VmHWM:")) {
            memory.put("memory/peak_resident_megabytes", kilobytes(line) / 1024);
          }
        }
      } catch (IOException e) {
        LOG.debug("{} cannot be read: {}", STATUS, e.toString());
      }
    }
    return memory;
  }

  private static double kilobytes(String line) {
    return Double.parseDouble(line.replaceAll("\\D", ""));
  }

  private void sample() {
    try {
      Map<String, Double> figures = new LinkedHashMap<>();
      if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
        double total = system.getTotalMemorySize();
        double used = total - system.getFreeMemorySize();
        figures.put("system/cpu_utilization_percentage", 100 * Math.max(0, system.getCpuLoad()));
        figures.put(
            "system/process_cpu_utilization_percentage",
            100 * Math.max(0, system.getProcessCpuLoad()));
        figures.put("system/system_memory_usage_megabytes", used / MEGABYTE);
        figures.put("system/system_memory_usage_percentage", 100 * used / total);
      }
      memory()
          .forEach((name, value) -> figures.put("system/" + name.replace("memory/", ""), value));
      FileStore disk = Files.getFileStore(store);
      double free = disk.getUsableSpace();
      figures.put("system/disk_available_megabytes", free / MEGABYTE);
      figures.put(
          "system/disk_usage_percentage", 100 * (1 - free / Math.max(1.0, disk.getTotalSpace())));
      run.metrics(figures, sample++, System.currentTimeMillis());
    } catch (IOException | RuntimeException e) {
      LOG.debug("the system cannot be sampled: {}", e.toString());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

package io.facet.pipelines.reproduce;

import io.facet.pipelines.stage.Hardware;
import io.facet.pipelines.stage.Libraries;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;

/** Where a run computes: program, libraries, Java, processor. Names and values for people. */
public final class MachineFacts {
  private MachineFacts() {}

  /**
   * Collects them.
   *
   * @param systemTags tags of the run, for the commit
   * @param threads of a tensor operation
   */
  public static Map<String, String> collect(Map<String, String> systemTags, int threads) {
    Map<String, String> facts = new TreeMap<>();
    Libraries.versions().forEach((name, version) -> facts.put("library." + name, version));
    facts.put("java.version", Runtime.version().toString());
    facts.put("java.name", System.getProperty("java.vm.name"));
    facts.put("java.vendor", System.getProperty("java.vendor"));
    facts.put(
        "java.heap_megabytes", Long.toString(Runtime.getRuntime().maxMemory() / (1024 * 1024)));
    facts.put("system.name", System.getProperty("os.name"));
    facts.put("system.version", System.getProperty("os.version"));
    facts.put("hardware.cpu", Hardware.cpuFamily());
    facts.put("hardware.threads", Integer.toString(threads));
    facts.put("hardware.processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      facts.put(
          "hardware.memory_megabytes", Long.toString(system.getTotalMemorySize() / (1024 * 1024)));
    }
    facts.put("git.commit", systemTags.getOrDefault("mlflow.source.git.commit", "unknown"));
    facts.put("git.dirty", systemTags.getOrDefault("facet.git.dirty", "unknown"));
    return facts;
  }
}

package io.facet.pipelines.stage;

import io.facet.pipelines.plan.PlanContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Versions of the libraries whose results stand in artifacts, as the build pinned them. */
public final class Libraries {
  private Libraries() {}

  /** All versions by short name: {@code pytorch}, {@code djl}, {@code onnxruntime} ... */
  public static Map<String, String> versions() {
    Properties properties = new Properties();
    try (InputStream file = Libraries.class.getResourceAsStream("/facet-libraries.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("facet-libraries.properties cannot be read", e);
    }
    Map<String, String> versions = new TreeMap<>();
    properties.forEach((name, version) -> versions.put(name.toString(), version.toString()));
    return versions;
  }

  /** The versions that decide the results of one stage. */
  static Map<String, String> of(PlanContext context, String... names) {
    Map<String, String> chosen = new TreeMap<>();
    for (String name : names) {
      chosen.put(name, context.libraries().getOrDefault(name, "unknown"));
    }
    return chosen;
  }
}

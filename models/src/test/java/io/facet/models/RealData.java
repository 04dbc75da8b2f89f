package io.facet.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real reference faces, a folder named by the system property {@code facet.data}. */
public final class RealData {
  private RealData() {}

  /** The file or folder below it; skips the test when the property is not set. */
  public static Path path(String relative) {
    String root = System.getProperty("facet.data", "");
    Assumptions.assumeTrue(
        !root.isEmpty() && !root.startsWith("${"), "needs -Dfacet.data=FOLDER with " + relative);
    Path path = Path.of(root, relative);
    Assumptions.assumeTrue(Files.exists(path), "needs " + path);
    return path;
  }

  /** The bytes of a file below it; skips the test when the property is not set. */
  public static byte[] bytes(String relative) {
    try {
      return Files.readAllBytes(path(relative));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

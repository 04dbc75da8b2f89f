package io.facet.transforms.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real reference faces, a folder named by the system property {@code facet.data}. */
public final class RealData {
  private RealData() {}

  /** The file or folder below it; skips the test when the property is not set. */
  public static Path path(String relative) {
    String root = System.getProperty("facet.data", "");
    Assumptions.assumeTrue(!root.isEmpty(), "needs -Dfacet.data=FOLDER with " + relative);
    Path path = Path.of(root, relative);
    Assumptions.assumeTrue(Files.exists(path), "needs " + path);
    return path;
  }
}

package io.facet.models.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks every golden case below the folder {@code -Dgolden.dir} names; without it, the committed
 * selection. A case whose area or method no checker knows fails, and so does one with an expected
 * value that its checker passes over.
 */
class GoldenVectorsTest {
  @Test
  @SuppressWarnings("SystemOut")
  void reproducesEveryGoldenCase() throws Exception {
    List<GoldenArea> areas =
        ServiceLoader.load(GoldenArea.class, GoldenArea.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    List<String> failures = new ArrayList<>();
    List<Path> cases = cases(folder());
    for (Path path : cases) {
      String fault = fault(path, areas);
      if (fault != null) {
        failures.add(fault);
        System.out.println("FAILED " + fault);
      }
    }
    System.out.println(); // Maven may have left a half line
    System.out.println(
        "%d passed, %d failed".formatted(cases.size() - failures.size(), failures.size()));
    assertThat(cases).as("golden cases found").isNotEmpty();
    assertThat(failures).isEmpty();
  }

  /** Null if the case passes. */
  private static String fault(Path path, List<GoldenArea> areas) {
    try {
      GoldenCase golden = GoldenCase.read(path);
      if (!golden.isComplete()) {
        return path + ": no area or method";
      }
      GoldenArea area =
          areas.stream()
              .filter(a -> a.area().equals(golden.area()) && a.knows(golden.method()))
              .findFirst()
              .orElse(null);
      if (area == null) {
        return "%s: unknown method %s".formatted(golden.name(), golden.method());
      }
      area.check(golden);
      return golden.unread().isEmpty()
          ? null
          : "%s: nothing compares %s".formatted(golden.name(), golden.unread());
    } catch (Exception | AssertionError e) {
      return "%s: %s"
          .formatted(
              path.getParent().getParent().getFileName() + "/" + path.getParent().getFileName(),
              Objects.toString(e.getMessage(), e.toString()).strip().replaceAll("\\s+", " "));
    }
  }

  private static List<Path> cases(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(p -> p.getFileName().toString().equals("case.json")).sorted().toList();
    }
  }

  /** Relative paths count from the module or from the project's root. */
  private static Path folder() throws URISyntaxException {
    String given = System.getProperty("golden.dir", "");
    if (given.isBlank()) {
      return Path.of(
          Objects.requireNonNull(GoldenVectorsTest.class.getResource("/golden")).toURI());
    }
    Path path = Path.of(given);
    return Files.isDirectory(path) ? path : Path.of("..").resolve(path);
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
  private static final Path BENCHMARKS = Path.of("..", "infra", "bench");

  @TempDir private Path classes;

  /** No build runs the benchmarks: without this their programs would fall behind. */
  @Test
  void theirProgramsCompile() throws IOException {
    List<Path> programs;
    try (Stream<Path> files = Files.walk(BENCHMARKS)) {
      programs = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(programs).hasSizeGreaterThan(5);
    JavaSource.compile(programs, classes);
  }
}

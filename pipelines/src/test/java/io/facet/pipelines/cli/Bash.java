package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Lines for bash, without the locale of whoever runs the tests. */
final class Bash {
  private static final Path PROGRAM = Path.of("/bin/bash");

  private Bash() {}

  /** What the lines print; they must end well. Where there is no bash, the test is skipped. */
  static String run(Path folder, String script, Map<String, String> environment) throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "needs bash");
    ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString(), "-c", script);
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG|FACET_.*"));
    builder.environment().putAll(environment);
    Process process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }
}

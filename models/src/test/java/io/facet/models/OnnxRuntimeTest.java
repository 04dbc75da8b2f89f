package io.facet.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {
  /** The first use in a process of its own: an environment that is there already proves nothing. */
  static final class Child {
    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      if (arguments[0].equals("interrupted")) {
        Thread.currentThread().interrupt();
      }
      String version = OnnxRuntime.environment().getVersion();
      System.out.println("version %s, interrupted %s".formatted(version, Thread.interrupted()));
    }
  }

  @TempDir Path folder;

  @Test
  void interruptedThreadStillGetsTheEnvironment() throws Exception {
    assertThat(child("interrupted")).contains("version 1.", "interrupted true");
  }

  @Test
  void longCommandLineDoesNotEndTheProcess() throws Exception {
    assertThat(child("x".repeat(30_000))).contains("version 1.", "interrupted false");
  }

  private String child(String argument) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path output = folder.resolve("output.txt");
    Process child =
        new ProcessBuilder(
                List.of(
                    java.toString(),
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName(),
                    argument))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(output);
      assertThat(child.exitValue()).as(said).isZero();
      return said;
    } finally {
      child.destroyForcibly();
    }
  }
}

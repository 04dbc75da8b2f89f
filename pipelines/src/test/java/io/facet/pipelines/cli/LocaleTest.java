package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names with accents where the locale is C, as in cron, systemd and containers. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocaleTest {
  @TempDir Path folder;

  /** A shell makes the folder: this process may itself be unable to spell it. */
  @BeforeEach
  void draw() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    DrawnFolders.draw(folder);
    shell("mv train/p0 train/$'Jos\\xc3\\xa9'", Map.of());
    Files.writeString(folder.resolve("recipe.yaml"), DrawnFolders.recipe(folder));
  }

  private String shell(String script, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", script);
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG"));
    builder.environment().putAll(environment);
    Process process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  private ChildProcess plan(String locale) throws Exception {
    ChildProcess plan =
        ChildProcess.start(
            folder,
            folder.resolve("plan.log"),
            Map.of("LC_ALL", locale),
            "plan",
            folder.resolve("recipe.yaml"),
            "--store",
            folder.resolve("store"));
    return plan;
  }

  @Test
  void utf8SpellsThemAndOtherLocalesSayTheCure() throws Exception {
    try (ChildProcess plan = plan("C.UTF-8")) {
      assertThat(plan.awaitEnd()).as(plan.said()).isZero();
    }
    try (ChildProcess plan = plan("C")) {
      int exitCode = plan.awaitEnd();
      if (!System.getProperty("os.name").startsWith("Mac")) {
        assertThat(exitCode).as(plan.said()).isEqualTo(ExitCodes.DATA);
        assertThat(plan.said()).contains("set LC_ALL=C.UTF-8").doesNotContain("bug");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"C, C.UTF-8", "POSIX, C.UTF-8", "'', C.UTF-8", "C.utf8, C.utf8"})
  void theLauncherChoosesUtf8UnlessTheLocaleIsUtf8Already(String locale, String expected)
      throws Exception {
    Path built = folder.resolve("facet");
    for (String module : List.of("models", "transforms", "tracking", "pipelines")) {
      Files.createDirectories(built.resolve(module + "/src/main"));
      Files.createFile(built.resolve(module + "/pom.xml"));
    }
    Files.createFile(built.resolve("pom.xml"));
    Files.createDirectories(built.resolve("infra"));
    Files.copy(launcher(), built.resolve("infra/java.sh"));
    Files.createDirectories(built.resolve("pipelines/target/dist"));
    shell("touch -d '+1 minute' facet/pipelines/target/dist/.built", Map.of());
    String seen =
        shell(
            ". facet/infra/java.sh; env \"${environment[@]}\" printenv LC_ALL",
            Map.of("LC_ALL", locale, "JAVA_HOME", System.getProperty("java.home")));
    assertThat(seen).isEqualTo(expected);
  }

  private static Path launcher() throws IOException {
    Path root = Path.of(System.getProperty("facet.root", "..")).toRealPath();
    return root.resolve("infra/java.sh");
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code infra/java.sh} beside modules that look built. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LauncherTest {
  private static final Map<String, String> JAVA =
      Map.of("LC_ALL", "C.UTF-8", "JAVA_HOME", System.getProperty("java.home"));

  @TempDir Path folder;

  @BeforeEach
  void pretendToBeBuilt() throws Exception {
    for (String module : List.of("models", "transforms", "tracking", "pipelines")) {
      Files.createDirectories(folder.resolve(module + "/src/main"));
      Files.createFile(folder.resolve(module + "/pom.xml"));
    }
    Files.createFile(folder.resolve("pom.xml"));
    Files.createDirectories(folder.resolve("infra"));
    Path root = Path.of(System.getProperty("facet.root", "..")).toRealPath();
    Files.copy(root.resolve("infra/java.sh"), folder.resolve("infra/java.sh"));
    Files.createDirectories(folder.resolve("pipelines/target/dist"));
    Bash.run(folder, "touch -d '+1 minute' pipelines/target/dist/.built", Map.of());
  }

  @ParameterizedTest
  @CsvSource({"C, C.UTF-8", "POSIX, C.UTF-8", "'', C.UTF-8", "C.utf8, C.utf8"})
  void theLocaleIsUtf8UnlessItIsAlready(String locale, String expected) throws Exception {
    assertThat(launched("env \"${environment[@]}\" printenv LC_ALL", "LC_ALL", locale))
        .isEqualTo(expected);
  }

  @Test
  void jarsFromOutsideStandBehindFacetsOwn() throws Exception {
    String own = folder.toRealPath() + "/pipelines/target/dist/lib/*";
    String command = "printf '%s\\n' \"${java[@]}\"";
    assertThat(launched(command, "FACET_CLASSPATH", "/a/one.jar:/a/two.jar").lines())
        .endsWith("-cp", own + ":/a/one.jar:/a/two.jar");
    assertThat(launched(command, "FACET_CLASSPATH", "").lines()).endsWith("-cp", own);
  }

  private String launched(String command, String variable, String value) throws Exception {
    Map<String, String> environment = new HashMap<>(JAVA);
    environment.put(variable, value);
    return Bash.run(folder, ". infra/java.sh; " + command, environment);
  }
}

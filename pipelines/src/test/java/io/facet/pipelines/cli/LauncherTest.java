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
    Files.createDirectories(folder.resolve("infra/gpu"));
    Path root = Path.of(System.getProperty("facet.root", "..")).toRealPath();
    for (String script : List.of("infra/java.sh", "infra/gpu/torch.sh")) {
      Files.copy(root.resolve(script), folder.resolve(script));
    }
    Files.createDirectories(folder.resolve("pipelines/target/dist/lib"));
    Files.createFile(folder.resolve("pipelines/target/dist/lib/pytorch-jni-2.7.1-0.35.1.jar"));
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

  @Test
  void javaKnowsTheOptionsOfQuickCommands() throws Exception {
    String command = "\"$program\" \"${options[@]}\" \"${quick[@]}\" -version && echo started";
    assertThat(launched(command, "FACET_CLASSPATH", "").lines()).endsWith("started");
  }

  @Test
  void librariesForGpusComeFromTheFolderThatWasNamed() throws Exception {
    Path torch = torch("2.7.1");
    assertThat(launched("printf '%s\\n' \"${java[@]}\"", "FACET_TORCH", torch.toString()).lines())
        .contains(
            "-DPYTORCH_LIBRARY_PATH=" + torch.resolve("torch/lib"),
            "-DPYTORCH_VERSION=2.7.1",
            "-DPYTORCH_FLAVOR=cu128",
            "-Djna.library.path=" + torch.resolve("nvidia/cuda_runtime/lib"));
  }

  @Test
  void aFolderWithoutThoseLibrariesIsRefusedWithTheCure() throws Exception {
    Path torch = torch("2.9.0+cu130");
    assertThat(refused(torch)).contains(torch + " holds another PyTorch than 2.7.1");
    Files.delete(torch.resolve("torch/lib/libtorch_cuda.so"));
    assertThat(refused(torch)).contains("the PyTorch in " + torch + " is one without CUDA");
    assertThat(refused(folder))
        .contains(folder + " is no folder of PyTorch's libraries")
        .contains("./infra/gpu/install makes one");
  }

  private String refused(Path torch) throws Exception {
    Map<String, String> environment = new HashMap<>(JAVA);
    environment.put("FACET_TORCH", torch.toString());
    String said = Bash.run(folder, "(. infra/java.sh) || echo exit code $?", environment);
    assertThat(said).endsWith("exit code 2");
    return said;
  }

  /** What looks like PyTorch with CUDA; its libraries want no driver. */
  private Path torch(String version) throws Exception {
    Path torch = folder.toRealPath().resolve("torch-for-gpus");
    Path libraries = Files.createDirectories(torch.resolve("torch/lib"));
    for (String name : List.of("torch_cpu", "torch_cuda", "caffe2_nvrtc")) {
      Files.createFile(libraries.resolve("lib" + name + ".so"));
    }
    Files.createDirectories(torch.resolve("torch-" + version + ".dist-info"));
    return torch;
  }

  private String launched(String command, String variable, String value) throws Exception {
    Map<String, String> environment = new HashMap<>(JAVA);
    environment.put(variable, value);
    return Bash.run(folder, ". infra/java.sh; " + command, environment);
  }
}

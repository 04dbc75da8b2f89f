package io.facet.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.server.ServerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What needs no real MLflow; a shell script stands for Python. */
@DisabledOnOs(OS.WINDOWS)
class MlflowServerTest {
  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();

  @Test
  void withoutPythonTrackingStaysLocal() throws Exception {
    MlflowServer server = new MlflowServer(folder, Map.of("PATH", folder.toString()));
    ServerStatus status = server.start(OptionalInt.empty(), said::add);
    assertThat(status.state()).isEqualTo(State.UNAVAILABLE);
    assertThat(status.detail()).contains("tracking stays local").contains("Python 3.9");
  }

  @Test
  void anInstallationThatFailedIsToldAndMadeAnewNextTime() throws Exception {
    Path pip = folder.resolve("pip-works");
    Map<String, String> environment = environmentWithFakePython(pip);
    ServerStatus first = new MlflowServer(folder, environment).start(OptionalInt.of(0), said::add);
    assertThat(first.state()).isEqualTo(State.UNAVAILABLE);
    assertThat(first.detail()).contains("tracking stays local").contains("no network today");

    Files.createFile(pip);
    Path leftover = folder.resolve("cache/mlflow-" + MlflowPin.VERSION + "/leftover");
    Files.writeString(leftover, "half-made");
    ServerStatus second = new MlflowServer(folder, environment).start(OptionalInt.of(0), said::add);
    assertThat(leftover).doesNotExist();
    assertThat(second.state()).isEqualTo(State.FAILED);
    assertThat(second.detail()).contains("ended at once").contains("fake server says no");

    said.clear();
    new MlflowServer(folder, environment).start(OptionalInt.of(0), said::add);
    assertThat(said).noneMatch(line -> line.startsWith("Installing"));
  }

  @Test
  void aStoreWithoutAServerSaysSo() throws Exception {
    MlflowServer server = new MlflowServer(folder, Map.of());
    assertThat(server.status().state()).isEqualTo(State.STOPPED);
    assertThat(server.stop()).isFalse();
  }

  @Test
  void storesShareTheUsersServerUnlessTheyHaveTheirOwn() throws Exception {
    Path home = folder.resolve("home");
    Map<String, String> environment = Map.of("HOME", home.toString());
    Path users = home.resolve(".local/share/facet/mlflow");
    assertThat(MlflowServer.of(folder.resolve("one"), environment).folder()).isEqualTo(users);
    assertThat(MlflowServer.of(folder.resolve("two"), environment).folder()).isEqualTo(users);
    assertThat(MlflowServer.of(folder, Map.of("FACET_MLFLOW", "/elsewhere")).folder())
        .isEqualTo(Path.of("/elsewhere"));

    Path own = Files.createDirectories(folder.resolve("one/mlflow"));
    Files.createFile(own.resolve("mlflow.db"));
    assertThat(MlflowServer.of(folder.resolve("one"), environment).folder()).isEqualTo(own);
    assertThat(MlflowServer.of(folder.resolve("three"), Map.of()).folder())
        .isEqualTo(folder.resolve("three/mlflow"));
  }

  @Test
  void anotherProcessThatGotTheOldNumberIsLeftAlone() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Path record = Files.createDirectories(folder.resolve("mlflow")).resolve("server.json");
      long longAgo = other.info().startInstant().orElseThrow().toEpochMilli() - 100_000;
      new ServerRecord(other.pid(), longAgo, 5999).write(record);
      MlflowServer server = new MlflowServer(folder, Map.of());
      assertThat(server.status().state()).isEqualTo(State.STOPPED);
      assertThat(server.stop()).isFalse();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  private Map<String, String> environmentWithFakePython(Path pipWorks) throws IOException {
    Path python = folder.resolve("fake-python");
    String script =
        """
        #!/bin/sh
        case "$*" in
          *ensurepip*) echo "3 11" ;;
          *"-m venv"*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
          *"-m pip"*) test -e PIP || { echo "no network today"; exit 1; } ;;
          *"import pip"*) exit 0 ;;
          *) echo "fake server says no"; exit 1 ;;
        esac
        """;
    Files.writeString(python, script.replace("PIP", pipWorks.toString()));
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
    return Map.of(
        "FACET_PYTHON", python.toString(), "FACET_CACHE", folder.resolve("cache").toString());
  }
}

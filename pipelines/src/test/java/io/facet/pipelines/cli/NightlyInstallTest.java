package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code infra/nightly/install} beside a crontab and a systemctl that only take notes. */
@DisabledOnOs(OS.WINDOWS)
class NightlyInstallTest {
  private static final Path INSTALL = Path.of("../infra/nightly/install").toAbsolutePath();

  @TempDir Path folder;
  private Path recipe;

  @BeforeEach
  void pretendToBeAMachine() throws IOException {
    recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    program(
        "crontab",
        "[ \"$1\" = -l ] && { cat \"$HOME/crontab\" 2>/dev/null; exit; }; cat > \"$HOME/new\";"
            + " mv \"$HOME/new\" \"$HOME/crontab\"");
    program("systemctl", "echo \"$@\" >> \"$HOME/systemctl\"");
    Files.writeString(folder.resolve("crontab"), "0 1 * * * backup\n");
  }

  @Test
  void withoutApplyNothingIsWritten() throws Exception {
    List<Path> before = files();
    assertThat(install("--systemd"))
        .contains("would write", "OnCalendar=*-*-* 02:30:00", "nothing was changed");
    assertThat(install("--cron", "--uninstall")).contains("would take the line");
    assertThat(install("--cron", "--at", "03:15")).contains("15 03 * * * cd ", "flock -n -E 0 ");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void cronHasOneLineHoweverOftenInstalledAndNoneAfterwards() throws Exception {
    install("--cron", "--apply");
    install("--cron", "--at", "04:00", "--apply", "--", "--set", "distill.epochs=2");
    assertThat(Files.readAllLines(folder.resolve("crontab")))
        .hasSize(2)
        .contains("0 1 * * * backup")
        .last()
        .asString()
        .startsWith("00 04 * * * ")
        .contains(" nightly " + recipe + " --store " + folder.resolve("store"))
        .contains(" --set distill.epochs=2 ")
        .endsWith(" # facet-nightly-tiny");
    install("--cron", "--uninstall", "--apply");
    assertThat(folder.resolve("crontab")).hasContent("0 1 * * * backup\n");
  }

  @Test
  void systemdGetsServiceAndTimerAndLosesThemAgain() throws Exception {
    install("--systemd", "--apply");
    Path units = folder.resolve("config/systemd/user");
    assertThat(Files.readString(units.resolve("facet-nightly-tiny.service")))
        .contains("Type=oneshot", "/infra/facet nightly " + recipe);
    assertThat(units.resolve("facet-nightly-tiny.timer")).content().contains("Persistent=true");
    assertThat(Files.readString(folder.resolve("systemctl")))
        .contains("--user daemon-reload", "--user enable --now facet-nightly-tiny.timer");
    install("--systemd", "--uninstall", "--apply");
    assertThat(units).isEmptyDirectory();
  }

  private String install(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", INSTALL.toString(), recipe.toString()));
    command.addAll(List.of("--store", folder.resolve("store").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("HOME", folder.toString());
    environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private void program(String name, String body) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names with accents where the locale is C, as in cron, systemd and containers. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocaleTest {
  @TempDir Path folder;

  /** A shell makes the folder: this process may itself be unable to spell it. */
  @BeforeEach
  void draw() throws Exception {
    DrawnFolders.draw(folder);
    Bash.run(folder, "mv train/p0 train/$'Jos\\xc3\\xa9'", Map.of());
    Files.writeString(folder.resolve("recipe.yaml"), DrawnFolders.recipe(folder));
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
  void utf8SpellsThem() throws Exception {
    try (ChildProcess plan = plan("C.UTF-8")) {
      assertThat(plan.awaitEnd()).as(plan.said()).isZero();
    }
  }

  @Test
  @DisabledOnOs(value = OS.MAC, disabledReason = "file names are UTF-8 whatever the locale")
  void anotherLocaleSaysTheCure() throws Exception {
    try (ChildProcess plan = plan("C")) {
      assertThat(plan.awaitEnd()).as(plan.said()).isEqualTo(ExitCodes.DATA);
      assertThat(plan.said()).contains("set LC_ALL=C.UTF-8").doesNotContain("bug");
    }
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import io.facet.tracking.entity.RunStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a terminal: the run ends as KILLED, says where it goes on, and goes on there. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CtrlCTest {
  private static final Pattern STOPPED =
      Pattern.compile("distill\\[none#1\\] +stopped; goes on at step (\\d+) of (\\d+)");

  @TempDir Path folder;

  @Test
  void aTrainingIsStoppedWithACheckpointAndGoesOnThere() throws Exception {
    Path store = folder.resolve("store");
    Path recipe =
        TinyRecipe.write(
            folder,
            TinyRecipe.studentAlone()
                .replace("epochs: 1", "epochs: 8")
                .replace("checkpointEvery: 2", "checkpointEvery: 1000000"));
    JsonSummary undisturbed =
        JsonSummary.ofRun(folder.resolve("whole.json"), recipe, folder.resolve("whole"));
    List<Object> run = List.of("run", recipe, "--store", store, "--tracking-uri", "none");

    PseudoTerminal stopped =
        PseudoTerminal.run(folder, "[1-9][0-9]* of [0-9]+ steps, ", run.toArray());

    String screen = stopped.screen();
    assertThat(stopped.exitCode()).as(screen).isEqualTo(ExitCodes.KILLED);
    assertThat(screen)
        .contains("facet: stopping; a training saves a checkpoint first")
        .contains("facet: the run was stopped and has ended as KILLED")
        .contains("facet: to resume: ./infra/facet run " + recipe);
    Matcher at = STOPPED.matcher(screen);
    assertThat(at.find()).as(screen).isTrue();
    assertThat(stopped.lines())
        .filteredOn(line -> line.startsWith("distill[none#1]  ") && line.contains(" steps, "))
        .isNotEmpty()
        .allMatch(line -> line.length() < PseudoTerminal.COLUMNS)
        .anyMatch(line -> line.contains("[#"));
    assertThat(JournalRuns.ended(store))
        .contains(RunStatus.KILLED)
        .doesNotContain(RunStatus.FAILED);
    assertThat(CommandRun.of("status", "--store", store).out()).contains("killed after ");

    Path json = folder.resolve("resumed.json");
    PseudoTerminal resumed =
        PseudoTerminal.run(
            folder, "", "run", recipe, "--store", store, "--tracking-uri", "none", "--json", json);

    assertThat(resumed.exitCode()).as(resumed.screen()).isZero();
    assertThat(resumed.screen())
        .containsPattern(
            "distill\\[none#1\\] +goes on at step %s of %s".formatted(at.group(1), at.group(2)));
    assertThat(JsonSummary.read(json).digests()).isEqualTo(undisturbed.digests());
  }

  @Test
  void aDataStageIsStoppedToo() throws Exception {
    Path store = folder.resolve("store");
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    PseudoTerminal stopped =
        PseudoTerminal.run(
            folder,
            "7 stages, 0 cached",
            "run",
            recipe,
            "--store",
            store,
            "--tracking-uri",
            "none");
    assertThat(stopped.exitCode()).as(stopped.screen()).isEqualTo(ExitCodes.KILLED);
    assertThat(stopped.screen())
        .contains("has ended as KILLED", "facet: to resume: ")
        .doesNotContain("bug");
  }
}

package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "stauts, unknown command 'stauts' (did you mean 'status'?); known: ",
        "evaluat, unknown command 'evaluat' (did you mean 'evaluate'?); known: ",
        "zebra, unknown command 'zebra'; known: ",
        "track strt, unknown command 'strt'",
        "run --strore=x r.yaml, unknown option '--strore' (did you mean '--store'?)",
        "run r.yaml --zebra, unknown option '--zebra'",
        "run a.yaml b.yaml, 'b.yaml' is one argument too many",
        "run, Missing required parameter: 'RECIPE'",
        "run r.yaml --jobs two, 'two' is not an int",
      })
  void whatIsWrongIsSaidInOneLineWithWhatIsNear(String words, String expected) {
    CommandRun run = CommandRun.of((Object[]) words.split(" "));
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err()).startsWith("facet: ").contains(expected, "--help' tells more");
    assertThat(run.err().lines()).hasSize(2);
  }

  @Test
  void onlyWhatIsNearIsOffered() {
    assertThat(CommandRun.of("zebra").err()).doesNotContain("did you mean");
    assertThat(CommandRun.of("run", "r.yaml", "--zebra").err()).doesNotContain("did you mean");
  }

  @Test
  void theHelpNamesTheExitCodes() {
    assertThat(CommandRun.of("--help").out())
        .contains("Exit codes:", "a bug of Facet", "stopped by Ctrl-C", "143 by SIGTERM");
  }
}

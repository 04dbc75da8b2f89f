package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderboardOutputTest {
  @TempDir Path store;

  @ParameterizedTest
  @ValueSource(strings = {"--csv", "--parquet", "--json"})
  void whatTheBoardIsMadeOfIsNotOverwritten(String option) throws IOException {
    Path attempt = Files.createDirectories(store.resolve("evaluate/ab12/attempt-1"));
    Files.writeString(attempt.resolve("manifest.json"), "{}");
    Path table = Files.createDirectories(attempt.resolve("metrics")).resolve("part.parquet");
    Files.writeString(table, "rows");
    CommandRun run = CommandRun.of("leaderboard", "--store", store, option, table);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err())
        .contains(option + ": " + table + " is one of the inputs", "name a file elsewhere");
    assertThat(table).hasContent("rows");
  }
}

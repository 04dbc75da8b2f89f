package io.facet.pipelines.run;

import io.facet.pipelines.leaderboard.ResultsTable;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.transforms.row.LeaderboardRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param summary what became of each stage
 * @param reproduction what it takes to run it again
 * @param page where MLflow shows it, if it does
 * @param report file that shows what was made, for people; empty if the run was stopped
 */
public record RunResult(
    RunSummary summary, Reproduction reproduction, Optional<String> page, Optional<Path> report) {
  /** That of the command: 0 if all is well. */
  public int exitCode() {
    return summary.exitCode();
  }

  /** All models on all verification sets, best first; empty if the run did not come so far. */
  public List<LeaderboardRow> leaderboard() {
    return ResultsTable.leaderboard(summary);
  }
}

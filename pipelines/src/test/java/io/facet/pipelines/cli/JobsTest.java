package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Students side by side are those that are trained in turn. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JobsTest {
  @TempDir Path folder;

  @Test
  void theTablesDoNotDependOnTheNumberOfJobs() throws Exception {
    JsonSummary inTurn = run(1);
    JsonSummary sideBySide = run(3);
    assertThat(sideBySide.digests()).isEqualTo(inTurn.digests());
    assertThat(names(sideBySide))
        .containsExactlyElementsOf(names(inTurn))
        .contains("distill[none#1]", "distill[none#2]", "evaluate[none#2]");
  }

  private static List<String> names(JsonSummary summary) {
    return summary.stages().stream().map(stage -> stage.get("name").asText()).toList();
  }

  private JsonSummary run(int jobs) throws Exception {
    return JsonSummary.ofRun(
        folder.resolve(jobs + ".json"),
        TinyRecipe.write(folder, TinyRecipe.studentAlone() + "  seeds: [1, 2]\n"),
        folder.resolve("store-" + jobs),
        "--set",
        "publish.enabled=false",
        "--jobs",
        jobs);
  }
}

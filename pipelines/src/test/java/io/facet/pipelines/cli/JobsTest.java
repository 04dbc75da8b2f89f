package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Students side by side are those that are trained in turn; one that diverges stops no other. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JobsTest {
  @TempDir Path folder;

  @Test
  void theTablesDoNotDependOnTheNumberOfJobs() throws Exception {
    JsonSummary inTurn = run(1);
    JsonSummary sideBySide = run(3);
    assertThat(sideBySide.digests()).isEqualTo(inTurn.digests());
    assertThat(sideBySide.stages().stream().map(s -> s.get("name").asText()))
        .containsExactlyElementsOf(
            inTurn.stages().stream().map(s -> s.get("name").asText()).toList());
    JsonNode diverged = sideBySide.stage("distill[l2#1]");
    assertThat(diverged.get("result").asText()).isEqualTo("failed");
    for (String made : new String[] {"distill[none#1]", "distill[none#2]", "evaluate"}) {
      assertThat(sideBySide.stage(made).get("result").asText()).as(made).isEqualTo("made");
    }
  }

  private JsonSummary run(int jobs) throws Exception {
    String name = String.format(Locale.ROOT, "jobs-%d", jobs);
    Path json = folder.resolve(name + ".json");
    CommandRun run =
        CommandRun.of(
            "run",
            TinyRecipe.write(
                folder,
                TinyRecipe.withMethods("[none, {l2: {weight: 1e38}}]").stripTrailing()
                    + "\n  seeds: [1, 2]\n"),
            "--set",
            "publish.enabled=false",
            "--store",
            folder.resolve(name),
            "--tracking-uri",
            "none",
            "--json",
            json,
            "--jobs",
            jobs);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(2);
    assertThat(run.err()).contains("distill[l2#1]", "FAILED: ");
    return JsonSummary.read(json);
  }
}

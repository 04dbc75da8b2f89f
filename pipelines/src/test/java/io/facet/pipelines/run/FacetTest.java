package io.facet.pipelines.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.RunSummary;
import io.facet.transforms.row.LeaderboardRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes run from Java, without a command line. */
class FacetTest {
  private static final String RECIPE =
      """
      name: from-java
      data:
        train: [{synthetic: {identities: 6, shots: 4}}]
        validation: {share: 0}
        verification:
          - {name: drawn, source: {synthetic: {firstIdentity: 1000, identities: 6, shots: 3, pairs: 30}}}
      align: {detector: given}
      distill:
        student: {mobilefacenet: {width: 0.125, embedding: 16}}
        epochs: 9
        maxSteps: 2
        batchSize: 8
        methods: [none]
      evaluate: {latency: false, bootstrapSamples: 100}
      publish: {enabled: false}
      """;

  @TempDir private Path folder;

  private RunRequest request() throws Exception {
    return RunRequest.of(Files.writeString(folder.resolve("recipe.yaml"), RECIPE))
        .withStore(folder.resolve("store").toString())
        .withRunner("DirectRunner")
        .withTrackingUri("none");
  }

  private static final class Told implements Console {
    private final List<String> printed = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @Override
    public void print(String text) {
      printed.add(text);
    }

    @Override
    public void complain(String line) {
      complaints.add(line);
    }

    @Override
    public Progress progress(int jobs) {
      return new Progress() {};
    }
  }

  @Test
  void aRecipeRunsToALeaderboardAndIsReused() throws Exception {
    RunResult result = Facet.run(request().withSetting("distill.epochs=1"));
    assertThat(result.exitCode()).as("%s", result.summary().failures()).isZero();
    assertThat(result.leaderboard()).extracting(LeaderboardRow::name).containsExactly("none");
    assertThat(result.page()).isEmpty();
    assertThat(result.report().orElseThrow()).content().contains("id=\"leaderboard\"");

    Told told = new Told();
    RunResult again = Facet.run(request().withSetting("distill.epochs=1"), told);
    assertThat(again.summary().outcomes())
        .isNotEmpty()
        .allMatch(outcome -> outcome.result() == RunSummary.Result.CACHED);
    assertThat(again.leaderboard()).isEqualTo(result.leaderboard());
    assertThat(String.join("", told.printed))
        .contains("drawn  none", "artifacts  " + folder.resolve("store"));
    assertThat(told.complaints).isEmpty();
  }

  @Test
  void aFailureIsToldAndNamesNoCommandThatNobodyTyped() throws Exception {
    Told told = new Told();
    RunResult result = Facet.run(request().withSetting("align.minimumFaceSize=5000"), told);
    assertThat(result.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(result.summary().failures()).isNotEmpty();
    assertThat(result.leaderboard()).isEmpty();
    assertThat(String.join("\n", told.complaints))
        .contains("could be used")
        .doesNotContain("to resume");
  }

  @Test
  void mistakesAreExceptions() throws Exception {
    assertThatThrownBy(() -> Facet.run(request().withSetting("distill.metods=[none]")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("did you mean 'methods'");
    assertThatThrownBy(() -> Facet.run(request().withRunner("SparkRunner")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("FlinkRunner or DirectRunner");
  }
}

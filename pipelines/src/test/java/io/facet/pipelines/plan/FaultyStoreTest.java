package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.recipe.SampleRecipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Full and read-only disks: a clear error, exit code 5, nothing half-committed. */
class FaultyStoreTest {
  @TempDir private Path folder;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200, 300, 800, 1000, 1400, 1700})
  void aDiskThatFillsUpLeavesWholeArtifactsOnly(int capacity) {
    RunSummary summary =
        run("faulty://full-after-%d-%s".formatted(capacity, folder.getFileName()) + folder);

    assertThat(summary.exitCode()).isEqualTo(ExitCodes.INFRASTRUCTURE);
    assertThat(summary.failures().get(0))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("the disk is full; free some space or choose another --store");
    try (ArtifactStore sound = ArtifactStore.open("faulty://sound" + folder)) {
      for (RunSummary.Outcome outcome : summary.outcomes()) {
        ArtifactStore.Found found = sound.find(outcome.name(), outcome.fingerprint());
        assertThat(found.damage()).isEmpty();
        assertThat(found.artifact().isPresent()).isEqualTo(outcome.artifact().isPresent());
      }
    }
    assertThat(run("faulty://sound" + folder).status()).isEqualTo(RunSummary.Status.FINISHED);
  }

  @Test
  void aReadOnlyStoreServesWhatItHoldsAndRefusesTheRest() {
    run("faulty://sound" + folder, new FakeStage("ingest").with("", "1"));
    RunSummary summary = run("faulty://read-only" + folder);
    assertThat(summary.outcome("ingest").orElseThrow().result())
        .isEqualTo(RunSummary.Result.CACHED);
    assertThat(summary.outcome("align").orElseThrow().failure().orElseThrow())
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("it is read-only; choose another --store");
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.INFRASTRUCTURE);
  }

  @Test
  void aFileInPlaceOfTheStoreIsAClearError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    RunSummary summary = run(file.toString());
    assertThat(summary.exitCode()).isEqualTo(ExitCodes.INFRASTRUCTURE);
    assertThat(summary.failures().get(0)).hasMessageContaining(file.toString());
  }

  private static RunSummary run(String root) {
    return run(
        root,
        new FakeStage("ingest").with("", "1"),
        new FakeStage("align").with("", "1", "ingest"));
  }

  private static RunSummary run(String root, FakeStage... stages) {
    List<Stage> all = new ArrayList<>(List.of(stages));
    try (ArtifactStore store = ArtifactStore.open(root)) {
      PlanContext context =
          new PlanContext(SampleRecipes.whole(), Map.of(), "unknown", store.root());
      return new PlanRunner(store, "run", PipelineOptionsFactory::create, List.of())
          .run(Plan.of(all, context, store));
    }
  }
}

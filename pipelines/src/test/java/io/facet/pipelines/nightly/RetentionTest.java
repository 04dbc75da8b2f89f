package io.facet.pipelines.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.StoredArtifacts;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.recipe.NightlyRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final NightlyRecipe KEEP_TWO = new NightlyRecipe(true, 2, 1);

  @TempDir Path folder;
  private ArtifactStore store;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void open() {
    store = ArtifactStore.open(folder.toString());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void onlyArtifactsOfOldNightsGo() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    Retention.Removed removed = clean(nights.get(3));
    assertThat(removed.artifacts()).isEqualTo(4);
    assertThat(removed.bytes()).isPositive();
    assertThat(there("publish", 1)).isFalse();
    assertThat(there("ingest", 2)).isFalse();
    assertThat(there("ingest", 3)).isTrue();
    assertThat(there("publish", 4)).isTrue();
    assertThat(clean(nights.get(3)).artifacts()).isZero();
  }

  @Test
  void theChampionsAncestryStays() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    new Champions(store, "phone")
        .promote(candidate(1), Optional.empty(), Champion.Action.FIRST, "", "");
    assertThat(clean(nights.get(3)).artifacts()).isEqualTo(2);
    assertThat(there("publish", 1)).isTrue();
    assertThat(there("ingest", 1)).isTrue();
    assertThat(there("publish", 2)).isFalse();
  }

  @Test
  void anArtifactWhoseFilesAKeptOneListsStays() throws IOException {
    nights(4);
    Artifact first = store.find("ingest", "ingest-1").artifact().orElseThrow();
    StoredArtifacts.commit(store, "ingest", "grown", Map.of(), first);
    clean(List.of(new Night.Part("ingest", "ingest", "grown", "made", 1)));
    assertThat(there("publish", 1)).isFalse();
    assertThat(there("ingest", 1)).isTrue();
  }

  @Test
  void whatARunByHandWasMadeFromStays() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    StoredArtifacts.commit(store, "distill[none#9]", "by-hand", Map.of("ingest", "ingest-1"));
    clean(nights.get(3));
    assertThat(there("ingest", 1)).isTrue();
    assertThat(store.find("distill", "by-hand").artifact()).isPresent();
    assertThat(there("publish", 1)).isFalse();
  }

  @Test
  void whatTonightReusesStays() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    clean(nights.get(0));
    assertThat(there("publish", 1)).isTrue();
    assertThat(there("ingest", 1)).isTrue();
    assertThat(there("publish", 2)).isFalse();
  }

  @Test
  void anotherRecipesNightsCount() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    new Nights(folder, "other").end(night(1, "other", nights.get(0)));
    clean(nights.get(3));
    assertThat(there("publish", 1)).isTrue();
  }

  @Test
  void whileSomebodyWritesNothingGoes() throws IOException {
    List<List<Night.Part>> nights = nights(4);
    Attempt open = store.begin("align", "running");
    assertThat(clean(nights.get(3)).artifacts()).isZero();
    store.abandon(open);
    assertThat(clean(nights.get(3)).artifacts()).isEqualTo(4);
  }

  private Retention.Removed clean(List<Night.Part> tonight) {
    return Retention.clean(store, folder, "nightly", KEEP_TWO, tonight);
  }

  /** Nights that each made an ingest and a publish artifact; the last one is not yet ended. */
  private List<List<Night.Part>> nights(int count) throws IOException {
    List<List<Night.Part>> all = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      StoredArtifacts.commit(store, "ingest", "ingest-" + number, Map.of());
      StoredArtifacts.commit(
          store, "publish", "publish-" + number, Map.of("ingest", "ingest-" + number));
      List<Night.Part> parts =
          List.of(
              new Night.Part("ingest", "ingest", "ingest-" + number, "made", 1),
              new Night.Part("publish", "publish", "publish-" + number, "made", 1));
      all.add(parts);
      if (number < count) {
        new Nights(folder, "nightly").end(night(number, "nightly", parts));
      }
    }
    return all;
  }

  private static Night night(int number, String recipe, List<Night.Part> parts) {
    return new Night(
        number,
        recipe,
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:01:00Z",
        false,
        "kept",
        "",
        0,
        "run",
        Optional.of(10L),
        Optional.empty(),
        "none#1",
        "none",
        parts,
        0,
        0,
        0,
        1);
  }

  private static Candidate candidate(int number) {
    return new Candidate(
        "phone",
        "none#1",
        "publish-" + number,
        new Manifest.DataFile("publish/x", 1, "a".repeat(64)),
        "run");
  }

  private boolean there(String stage, int number) {
    return store.find(stage, stage + "-" + number).artifact().isPresent();
  }
}

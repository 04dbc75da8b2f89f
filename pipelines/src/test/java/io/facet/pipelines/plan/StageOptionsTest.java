package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.option.Description;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.recipe.SampleRecipes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageOptionsTest {
  @TempDir private Path folder;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  public record Options(
      @Description(value = "How many.", range = "[1, 10]", defaultValue = "3") int top) {}

  /** A stage whose artifact depends on its options. */
  private static final class Top implements Stage {
    @Override
    public String name() {
      return "top";
    }

    @Override
    public int formatVersion() {
      return 1;
    }

    @Override
    public Optional<Class<? extends Record>> optionsType() {
      return Optional.of(Options.class);
    }

    @Override
    public List<StageInstance> instances(PlanContext context) {
      Options options = context.options(name(), Options.class);
      return List.of(
          StageInstance.of(
              name(), "", List.of(), new FingerprintInputs().option("top", options.top())));
    }

    @Override
    public StageResult run(StageContext context) {
      throw new AssertionError("planning runs no stage");
    }
  }

  @Test
  void aSectionOfItsNameSetsThemAndWithoutOneTheyAreTheDefaults() {
    assertThat(fingerprint("")).isEqualTo(fingerprint("stages: {top: {top: 3}}"));
    assertThat(fingerprint("stages: {top: {top: 5}}")).isNotEqualTo(fingerprint(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {top: {top: 11}} | stages.top.top: must lie in [1, 10], is 11
          {top: {tpo: 1}}  | stages.top.tpo: unknown key 'tpo' (did you mean 'top'?); allowed: top
          {tip: {}}        | stages: no stage with options is called tip; known: top
          """)
  void whatNoStageTakesIsRefused(String stages, String message) {
    assertThatThrownBy(() -> fingerprint("stages: " + stages))
        .isInstanceOf(RecipeException.class)
        .hasMessage(message);
  }

  private String fingerprint(String section) {
    try (ArtifactStore store = ArtifactStore.open(folder.toString())) {
      PlanContext context =
          new PlanContext(SampleRecipes.with(section), Map.of(), "unknown", store.root());
      return Plan.of(List.of(new Top()), context, store)
          .instance("top")
          .orElseThrow()
          .fingerprint()
          .digest();
    }
  }
}
